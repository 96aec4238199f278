import { z } from "zod";

export const STEPS_MAX = 60;

/** How V of an edit step finds its partner in the inversion: same interval, or same time (see detailing). */
export const pairingSchema = z.enum(["interval", "time"]);

/**
 * The schedule of one edit, in the names of the public contract.
 * `steps` N, `structuring_steps` T (latent fusion in the first T edit steps), `value_blocks` m (the last m
 * single blocks fuse attention values; the manifest's default where it is absent), guidance scales of both passes.
 */
export const scheduleSchema = z
  .strictObject({
    steps: z.int().min(1).max(STEPS_MAX).default(30),
    structuring_steps: z.int().min(0).max(STEPS_MAX).default(3),
    value_blocks: z.int().min(0).optional(),
    solver: z.enum(["rf-solver-2"]).default("rf-solver-2"),
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
    /** cache: V is recorded in the inversion; paired: source and target share a batch and nothing is recorded. */
    value_path: z.enum(["cache", "paired"]).default("cache"),
  })
  .prefault({});

export type Ablation = z.output<typeof ablationSchema>;
