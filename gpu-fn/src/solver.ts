/**
 * RF-Solver: second-order steps along the rectified flow dZ/dt = v(Z, t), in both directions with the same code
 * (algorithm.md section 5; paper section 3.1). t = 0 is data, t = 1 is noise.
 */
import { setImmediate } from "node:timers/promises";
import { CanceledError } from "./errors.ts";

/** Which evaluation: of the interval [t_{j−1}, t_j], j in 1..N, the one at the step's start or at its middle. */
export interface EvaluationPoint {
  readonly interval: number;
  readonly half: "first" | "mid";
}

/** v(Z, t): the direction from data to noise. */
export type Velocity = (latent: Float32Array, t: number, point: EvaluationPoint) => Promise<Float32Array>;

export interface SolverStep {
  readonly interval: number;
  /** The latent after the step. */
  readonly latent: Float32Array;
  /** The latent at the middle, where the second evaluation was. */
  readonly mid: Float32Array;
}

/** The middle of an interval. */
export function midpoint(from: number, to: number): number {
  return from + (to - from) / 2;
}

/** Z + h·v. */
function advance(latent: Float32Array, velocity: Float32Array, h: number): Float32Array {
  return latent.map((value, index) => value + h * (velocity[index] ?? 0));
}

/**
 * One step over an interval: Z' = Z + h·v + h²/2 · (v_mid − v)/(h/2), which is Z + h·v_mid. Two evaluations.
 */
export async function rfSolverStep(
  velocity: Velocity,
  latent: Float32Array,
  from: number,
  to: number,
  interval: number,
): Promise<SolverStep> {
  const h = to - from;
  const first = await velocity(latent, from, { interval, half: "first" });
  const mid = advance(latent, first, h / 2);
  const middle = await velocity(mid, midpoint(from, to), { interval, half: "mid" });
  return { interval, latent: advance(latent, middle, h), mid };
}

/**
 * Steps through all intervals: from t_0 to t_N for `inversion`, back for `edit`. After each step `afterStep` gives
 * the latent to go on from.
 *
 * @param timesteps t_0 = 0 to t_N = 1, ascending
 */
export async function solve(
  direction: "inversion" | "edit",
  velocity: Velocity,
  start: Float32Array,
  timesteps: readonly number[],
  afterStep: (step: SolverStep) => Float32Array = (step) => step.latent,
): Promise<Float32Array> {
  const intervals = timesteps.length - 1;
  let latent = start;
  for (let count = 1; count <= intervals; count++) {
    const interval = direction === "inversion" ? count : intervals - count + 1;
    const low = timesteps[interval - 1] ?? 0;
    const high = timesteps[interval] ?? 0;
    const [from, to] = direction === "inversion" ? [low, high] : [high, low];
    latent = afterStep(await rfSolverStep(velocity, latent, from, to, interval));
  }
  return latent;
}

/**
 * The same velocity, but before each evaluation other events of the thread get their turn, and an aborted signal
 * ends it with CanceledError: an edit stops within one evaluation.
 */
export function cancellable(velocity: Velocity, signal: AbortSignal | undefined): Velocity {
  return async (latent, t, point) => {
    await setImmediate();
    if (signal?.aborted) throw new CanceledError();
    return velocity(latent, t, point);
  };
}
