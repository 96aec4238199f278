import { InputError } from "../../../src/errors.ts";
import { sourcePoints } from "../../../src/method/pairing.ts";
import { timesteps } from "../../../src/method/schedule.ts";
import { type Plan, recordedFor } from "../../../src/method/sculpting-plan.ts";
import { rfSolver2 } from "../../../src/method/solvers/rf-solver-2.ts";
import type { Pass } from "../../../src/method/solvers/solver.ts";

/**
 * RF-Solver-Edit (arXiv 2411.04746): V is replaced in the first `inject` steps, the noisiest. It replaces the whole
 * sequence's: run it with a mask of 0 on a transformer opened with `rows: "all"`.
 */
export function planRfSolverEdit(steps: number, imageTokens: number, inject: number): Plan {
  if (!Number.isInteger(inject) || inject < 0 || inject > steps) {
    throw new InputError("schedule_invalid", `inject = ${inject}: it must be 0 to ${steps}, the steps`);
  }
  const pass: Pass = { solver: rfSolver2, timesteps: timesteps(steps, imageTokens).toReversed() };
  const source = sourcePoints(pass, pass, "interval");
  const detailing =
    inject > 0 ? { from: steps - inject + 1, to: steps, source, path: "cache" as const } : undefined;
  const plan = { structuring: undefined, detailing, background: undefined };
  return { ...pass, ...plan, inversion: recordedFor(pass, pass, plan) };
}
