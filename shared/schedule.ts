import { z } from "zod";
import { SOLVERS } from "./solvers.ts";

export const STEPS_MAX = 60;

const stepsSchema = z.int().min(1).max(STEPS_MAX);

/**
 * The schedule of one edit, in the names of the public contract. `steps` N, `structuring_steps` T (latent fusion in the
 * first T edit steps), `value_blocks` m (the last m single blocks fuse attention values; the manifest's default if
 * absent), guidance scales of both passes.
 */
export const scheduleSchema = z
  .strictObject({
    steps: stepsSchema.default(30),
    inversion_steps: stepsSchema
      .optional()
      .meta({ description: "Steps of the inversion alone, if not `steps`." }),
    structuring_steps: z.int().min(0).max(STEPS_MAX).default(3),
    value_blocks: z.int().min(0).optional(),
    value_path: z
      .enum(["background"])
      .optional()
      .meta({
        description:
          "background: the edit computes the mask and a margin alone, what it sees around them is the photo's. A device " +
          "that cannot, and a schedule without it, compute the whole picture.",
      }),
    solver: z.enum(SOLVERS).default("rf-solver-2"),
    /** Placement of the steps: FLUX's, shifted towards noise (if absent), or evenly spaced. */
    spacing: z.enum(["flux", "even"]).optional(),
    guidance: z
      .strictObject({
        inversion: z.number().min(0).max(20).default(1),
        edit: z.number().min(0).max(20).optional(),
        /** distilled: the transformer takes the scale as an input; true: two evaluations, with and without prompt. */
        method: z.enum(["distilled", "true"]).optional(),
      })
      .prefault({}),
  })
  .refine((schedule) => schedule.structuring_steps <= schedule.steps, {
    message: "structuring_steps must not exceed steps",
    path: ["structuring_steps"],
  })
  .meta({ id: "Schedule" });

export type Schedule = z.output<typeof scheduleSchema>;
