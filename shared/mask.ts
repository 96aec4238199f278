import { z } from "zod";

/**
 * How a located or given mask is processed before use, in this order: invert, threshold, grow, feather. `threshold`
 * makes the mask hard: values that reach it are edited fully, all others not at all.
 */
export const maskOptionsSchema = z
  .strictObject({
    invert: z.boolean().default(false),
    threshold: z.number().gt(0).lt(1).optional(),
    grow: z.number().min(0).max(0.25).default(0).meta({
      description:
        "How far the mask grows, as a fraction of the shorter side of the photo, or of the face's square.",
    }),
    feather: z.number().min(0).max(0.25).optional().meta({
      description:
        "Width of the soft edge around the region, as a fraction of the region's own size. Default: 0.004 for a located region, which reaches as far as it may belong to it; none for a mask that is sent.",
    }),
  })
  .meta({ id: "MaskOptions" })
  .prefault({});

export type MaskOptions = z.output<typeof maskOptionsSchema>;

/** Maximum number of faces found in a photo. */
export const FACES_MAX = 32;

/** Which of several faces is edited, if no mask determines it. */
export const faceChoiceSchema = z
  .union([
    z
      .int()
      .min(0)
      .max(FACES_MAX - 1),
    z.strictObject({ x: z.number().min(0).max(100_000), y: z.number().min(0).max(100_000) }),
  ])
  .meta({
    id: "FaceChoice",
    description:
      "Which face is edited: its place in `faces` of `POST /v1/masks`, counted from 0, or a point on it in pixels of the upright photo. Default: the largest face near the middle.",
  });

export type FaceChoice = z.output<typeof faceChoiceSchema>;

/** A face in pixels of the upright photo, from the brows to the chin. */
export const faceSchema = z
  .object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() })
  .meta({ id: "Face" });

export type FaceBox = z.output<typeof faceSchema>;

/** The mask that fuses latents and values: one cell per token of the model's input. */
export const fusionSchema = z
  .object({
    rows: z.int().positive(),
    columns: z.int().positive(),
    /** Mean of the cells, 0…1. */
    coverage: z.number().min(0).max(1),
    part: z
      .object({
        left: z.number(),
        top: z.number(),
        width: z.number(),
        height: z.number(),
        roll: z.number(),
      })
      .meta({
        description:
          "What the model sees of the upright photo, in its pixels; it is turned about its middle by `roll` radians, clockwise, and may reach beyond the photo.",
      }),
    png: z.string().max(20_000).meta({ description: "The cells as a grey PNG in Base64: white is edited." }),
  })
  .meta({ id: "FusionMask" });

export type FusionMask = z.output<typeof fusionSchema>;
