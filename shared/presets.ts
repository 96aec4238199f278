import { type Schedule, scheduleSchema } from "./schedule.ts";

/** Named schedules. `paper` is exactly the paper's: N = 30, T = 3, two evaluations a step. It stays as it is. */
export const PRESETS = {
  paper: scheduleSchema.parse({ steps: 30, structuring_steps: 3, solver: "rf-solver-2" }),
} as const satisfies Record<string, Schedule>;

export type PresetName = keyof typeof PRESETS;

/**
 * Transformer evaluations of one edit: both passes take two a step (RF-Solver, second order), the edit pass twice
 * as many under true guidance.
 * A schedule that leaves the method of guidance open counts as distilled: one evaluation for each.
 * The paired path evaluates the source again in each of the last N − T steps.
 */
export function plannedEvaluations(
  schedule: Pick<Schedule, "steps" | "structuring_steps" | "guidance">,
  valuePath: "cache" | "paired" = "cache",
): number {
  const passes = (schedule.guidance.method === "true" ? 6 : 4) * schedule.steps;
  return valuePath === "paired" ? passes + 2 * (schedule.steps - schedule.structuring_steps) : passes;
}
