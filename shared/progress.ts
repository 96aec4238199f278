import { z } from "zod";

/**
 * What an edit reports while it runs: after each step of a pass, and at the start of each other phase. `load` comes
 * first, repeatedly, while its GPU or its model is still starting.
 */
export const progressSchema = z.object({
  phase: z.enum(["load", "encode", "locate", "inversion", "edit", "decode"]),
  step: z.int().min(0),
  steps: z.int().min(0),
  evaluations: z.int().min(0),
  /** Evaluations of the whole edit. */
  planned: z.int().min(0),
});

export type Progress = z.output<typeof progressSchema>;
