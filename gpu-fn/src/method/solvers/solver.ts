/**
 * Steps along the rectified flow dZ/dt = v(Z, t) (Eq. 1), in both directions with the same code (docs/algorithm.md
 * section 5). t = 0 is data, t = 1 is noise. Each solver in this folder defines its own steps.
 */
import { setImmediate } from "node:timers/promises";
import type { SolverName } from "../../../../shared/solvers.ts";
import { CanceledError } from "../../errors.ts";

export type Half = "first" | "mid";

/** Identifies an evaluation: in interval [t_{j−1}, t_j], j in 1..N, at the step's start or at its midpoint. */
export interface EvaluationPoint {
  readonly interval: number;
  readonly half: Half;
}

/** v(Z, t): the direction from data to noise. */
export type Velocity = (latent: Float32Array, t: number, point: EvaluationPoint) => Promise<Float32Array>;

export interface SolverStep {
  readonly interval: number;
  /** The latent after the step. */
  readonly latent: Float32Array;
  /** The latent at the midpoint; absent if the solver has none. */
  readonly mid?: Float32Array;
}

/** One step from the time `from` to the time `to`, both ends of an interval. */
export type Step = (latent: Float32Array, from: number, to: number, interval: number) => Promise<SolverStep>;

export interface Solver {
  readonly name: SolverName;
  /** The error at the end shrinks with this power of the step size. */
  readonly order: 1 | 2;
  /** The evaluations of step 1 … N of a pass, in order. */
  evaluates(step: number): readonly Half[];
  /** Begins a pass, which may carry velocities from one step to the next. */
  begin(velocity: Velocity): Step;
}

export type Direction = "inversion" | "edit";

/** The solver and timesteps of a pass. */
export interface Pass {
  readonly solver: Solver;
  /** t_0 = 0 to t_N = 1, ascending. */
  readonly timesteps: readonly number[];
}

/** The middle of an interval. */
export function midpoint(from: number, to: number): number {
  return from + (to - from) / 2;
}

/** Z + h·v. */
export function advance(latent: Float32Array, velocity: Float32Array, h: number): Float32Array {
  const next = new Float32Array(latent.length);
  for (let i = 0; i < next.length; i++) next[i] = (latent[i] as number) + h * (velocity[i] as number);
  return next;
}

/** The interval of step 1 … N of a pass. */
function intervalOf(direction: Direction, step: number, steps: number): number {
  return direction === "inversion" ? step : steps - step + 1;
}

/** Every evaluation of a pass with its time, in order. */
export function evaluationsOf(
  { solver, timesteps }: Pass,
  direction: Direction,
): { readonly point: EvaluationPoint; readonly t: number }[] {
  const steps = timesteps.length - 1;
  return Array.from({ length: steps }, (_, index) => {
    const interval = intervalOf(direction, index + 1, steps);
    const [low = 0, high = 0] = timesteps.slice(interval - 1);
    const start = direction === "inversion" ? low : high;
    return solver.evaluates(index + 1).map((half) => ({
      point: { interval, half },
      t: half === "first" ? start : midpoint(low, high),
    }));
  }).flat();
}

/**
 * Steps through all intervals: from t_0 to t_N for `inversion`, back for `edit`. After each step `afterStep` returns
 * the latent to continue from.
 */
export async function solve(
  direction: Direction,
  { solver, timesteps }: Pass,
  velocity: Velocity,
  start: Float32Array,
  afterStep: (step: SolverStep) => Float32Array = (step) => step.latent,
): Promise<Float32Array> {
  const steps = timesteps.length - 1;
  const advanceOver = solver.begin(velocity);
  let latent = start;
  for (let step = 1; step <= steps; step++) {
    const interval = intervalOf(direction, step, steps);
    const low = timesteps[interval - 1] ?? 0;
    const high = timesteps[interval] ?? 0;
    const [from, to] = direction === "inversion" ? [low, high] : [high, low];
    latent = afterStep(await advanceOver(latent, from, to, interval));
  }
  return latent;
}

/**
 * The same velocity, but before each evaluation it lets the thread handle other events, and throws CanceledError if the
 * signal is aborted: an edit stops within one evaluation.
 */
export function cancellable(velocity: Velocity, signal: AbortSignal | undefined): Velocity {
  return async (latent, t, point) => {
    await setImmediate();
    if (signal?.aborted) throw new CanceledError();
    return velocity(latent, t, point);
  };
}
