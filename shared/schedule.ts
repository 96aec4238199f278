import { z } from "zod";
import { SOLVERS } from "./solvers.ts";

export const STEPS_MAX = 60;

/** How V of an edit step finds its partner in the inversion: same interval, or same time (see detailing). */
export const pairingSchema = z.enum(["interval", "time"]);

const stepsSchema = z.int().min(1).max(STEPS_MAX);

/**
 * The schedule of one edit, in the names of the public contract.
 * `steps` N, `structuring_steps` T (latent fusion in the first T edit steps), `value_blocks` m (the last m
 * single blocks fuse attention values; the manifest's default where it is absent), guidance scales of both passes.
 */
export const scheduleSchema = z
  .strictObject({
    steps: stepsSchema.default(30),
    /** Steps of the inversion alone, where they are not N. */
    inversion_steps: stepsSchema.optional(),
    structuring_steps: z.int().min(0).max(STEPS_MAX).default(3),
    value_blocks: z.int().min(0).optional(),
    solver: z.enum(SOLVERS).default("rf-solver-2"),
    /** Where the steps are: FLUX's, shifted towards noise (where it is absent), or evenly spaced. */
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
  });

export type Schedule = z.output<typeof scheduleSchema>;

/**
 * The switches of the paper's ablation (Table 3, Figure 8); the default is S2D-EC as published.
 * `mask`: soft as PASL gives it, hard at 0.5, or none (M = 0 everywhere: fusion over the whole map).
 */
export const ablationSchema = z
  .strictObject({
    latent_fusion: z.boolean().default(true),
    value_fusion: z.boolean().default(true),
    mask: z.enum(["soft", "hard", "none"]).default("soft"),
    pairing: pairingSchema.default("interval"),
    /** cache: V is recorded in the inversion; paired: source and target share a batch and nothing is recorded. Absent: the model's for its device. */
    value_path: z.enum(["cache", "paired"]).optional(),
    /** none: no pass over the source; its path is the straight line of Eq. 10 to one fixed noise. */
    inversion: z.enum(["rf", "none"]).default("rf"),
  })
  .prefault({});

export type Ablation = z.output<typeof ablationSchema>;
