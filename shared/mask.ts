import { z } from "zod";

/**
 * How a located or given mask is worked over before use, in this order: invert, threshold, grow, feather.
 * `grow` and `feather` are fractions of the image's shorter side; `threshold` makes the mask hard.
 */
export const maskOptionsSchema = z
  .strictObject({
    invert: z.boolean().default(false),
    threshold: z.number().gt(0).lt(1).optional(),
    grow: z.number().min(0).max(0.25).default(0),
    feather: z.number().min(0).max(0.25).default(0.02),
  })
  .meta({ id: "MaskOptions" })
  .prefault({});

export type MaskOptions = z.output<typeof maskOptionsSchema>;
