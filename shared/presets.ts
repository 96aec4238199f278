import { type Schedule, scheduleSchema } from "./schedule.ts";
import { passEvaluations } from "./solvers.ts";

/**
 * Named schedules. `paper` is exactly the paper's: N = 30, T = 3, two evaluations per step. It stays as it is. The
 * others were chosen from the measured trade-off between quality and evaluations (gpu-fn/bench/README.md): 42 and 20
 * evaluations.
 */
export const PRESETS = {
  paper: scheduleSchema.parse({ steps: 30, structuring_steps: 3, solver: "rf-solver-2" }),
  balanced: scheduleSchema.parse({ steps: 20, structuring_steps: 2, solver: "fireflow" }),
  fast: scheduleSchema.parse({ steps: 9, structuring_steps: 1, solver: "fireflow" }),
} as const satisfies Record<string, Schedule>;

export type PresetName = keyof typeof PRESETS;

/** The presets as a model runs them. @param fastSteps as of `ModelCard` */
export function presetsOf(fastSteps: number = PRESETS.fast.steps): Readonly<Record<PresetName, Schedule>> {
  return { ...PRESETS, fast: { ...PRESETS.fast, steps: fastSteps } };
}

/** The parameters that determine the number of transformer evaluations. */
export type EvaluatedSchedule = Omit<Schedule, "spacing">;

/** How the engine runs it, as far as that changes the count. */
export interface EvaluatedAblation {
  readonly value_fusion: boolean;
  readonly value_path?: "cache" | "paired" | "background" | undefined;
  readonly inversion: "rf" | "none";
}

/** Transformer evaluations of one edit without a cached inversion. */
export function plannedEvaluations(
  schedule: EvaluatedSchedule,
  ablation: Partial<EvaluatedAblation> = {},
): number {
  const { inversion, edit } = passesOf(schedule, ablation);
  return inversion + edit;
}

/**
 * The same per pass: an inversion and an edit pass with their solver. True guidance doubles a pass unless its scale is
 * 1; a schedule without a method of guidance counts as distilled, one evaluation each. The source is evaluated again in
 * the last N − T steps on the paired path, and if there was no inversion: on the background path then in all steps.
 */
export function passesOf(
  schedule: EvaluatedSchedule,
  ablation: Partial<EvaluatedAblation> = {},
): { readonly inversion: number; readonly edit: number } {
  const { solver, steps, inversion_steps = steps, structuring_steps, guidance } = schedule;
  const { value_fusion: fused = schedule.value_blocks !== 0, value_path: path = "cache" } = ablation;
  const inverted = ablation.inversion !== "none";
  const sides = (scale: number | undefined) => (guidance.method === "true" && scale !== 1 ? 2 : 1);
  const pass = passEvaluations(solver, steps);
  const structured = structuring_steps === 0 ? 0 : passEvaluations(solver, structuring_steps);
  const taking = path === "background" ? pass : fused ? pass - structured : 0;
  // a pair is evaluated for each side of the edit's guidance; the source alone for each side of its own
  const beside = inverted ? 0 : sides(guidance.inversion);
  const again = taking * (path === "paired" ? sides(guidance.edit) : beside);
  return {
    inversion: inverted ? passEvaluations(solver, inversion_steps) * sides(guidance.inversion) : 0,
    edit: pass * sides(guidance.edit) + again,
  };
}
