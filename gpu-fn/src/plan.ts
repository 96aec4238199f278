/** What an edit does in which steps: the paper's S2D-EC, its ablations, and RF-Solver-Edit as a baseline. */
import type { Detailing, Pairing, ValuePath } from "./detailing.ts";
import { InputError } from "./errors.ts";
import { timesteps } from "./schedule.ts";

/** Intervals j of the edit, counted from the data's end: step 1 of an edit is interval N. */
export interface Intervals {
  readonly from: number;
  readonly to: number;
}

export interface Plan {
  /** t_0 = 0 to t_N = 1. */
  readonly timesteps: readonly number[];
  /** After these intervals latents are fused (Eq. 13). */
  readonly structuring: Intervals | undefined;
  /** In these intervals V is fused (Eq. 15). */
  readonly detailing: Detailing | undefined;
}

export interface PlanOptions {
  /** N, 1 or more. */
  readonly steps: number;
  /** L, which shifts the timesteps. */
  readonly imageTokens: number;
  /** T in 0..N: structuring in the first T steps, detailing in the other N − T. */
  readonly structuringSteps: number;
  /** Latent fusion; default true. */
  readonly latent?: boolean;
  /** V fusion; default true. */
  readonly attention?: boolean;
  readonly pairing?: Pairing;
  readonly path?: ValuePath;
}

/**
 * S2D-EC (paper section 3.4). Without `latent` and `attention` it is the plain edit. Throws InputError for T outside
 * of 0..N, and for `time` pairing at T = 0, whose first step would need an evaluation the inversion never makes.
 */
export function planSculpting(options: PlanOptions): Plan {
  const { steps, structuringSteps, latent = true, attention = true } = options;
  const { pairing = "interval", path = "cache" } = options;
  const ascending = timesteps(steps, options.imageTokens).toReversed();
  if (!Number.isInteger(structuringSteps) || structuringSteps < 0 || structuringSteps > steps) {
    throw new InputError("schedule_invalid", `T = ${structuringSteps}: it must be 0 to ${steps}, the steps`);
  }
  if (attention && pairing === "time" && structuringSteps === 0) {
    throw new InputError(
      "schedule_invalid",
      'pairing "time" needs at least one structuring step (T of 1 or more)',
    );
  }
  const last = steps - structuringSteps;
  return {
    timesteps: ascending,
    structuring: latent && structuringSteps > 0 ? { from: last + 1, to: steps } : undefined,
    detailing: attention && last > 0 ? { from: 1, to: last, pairing, path } : undefined,
  };
}

/**
 * The plan of an inversion that is kept: V of every interval is recorded where the path is `cache`, so that it serves
 * any T and pairing later.
 */
export function planKeptInversion({ timesteps }: Pick<Plan, "timesteps">, path: ValuePath): Plan {
  const every = { from: 1, to: timesteps.length - 1, pairing: "interval", path } as const;
  return { timesteps, structuring: undefined, detailing: path === "cache" ? every : undefined };
}

/**
 * RF-Solver-Edit, the baseline: V is replaced in the first `inject` steps, the noisiest. It replaces the whole
 * sequence's: run it with a mask of 0 on a transformer opened with `rows: "all"`.
 */
export function planRfSolverEdit(steps: number, imageTokens: number, inject: number): Plan {
  if (!Number.isInteger(inject) || inject < 0 || inject > steps) {
    throw new InputError("schedule_invalid", `inject = ${inject}: it must be 0 to ${steps}, the steps`);
  }
  return {
    timesteps: timesteps(steps, imageTokens).toReversed(),
    structuring: undefined,
    detailing:
      inject > 0 ? { from: steps - inject + 1, to: steps, pairing: "interval", path: "cache" } : undefined,
  };
}
