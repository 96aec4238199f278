/** Plans what an edit does in which steps: the paper's S2D-EC and its ablations. */

import { InputError } from "../errors.ts";
import type { Recording } from "../tensor/tensor.ts";
import type { Surroundings } from "./background.ts";
import { type Detailing, isDetailed, type ValuePath } from "./detailing.ts";
import { keyOf, type Pairing, type SourcePoint, sameTime, sourcePoints } from "./pairing.ts";
import { type Spacing, timesteps } from "./schedule.ts";
import { rfSolver2 } from "./solvers/rf-solver-2.ts";
import { type EvaluationPoint, evaluationsOf, type Pass, type Solver } from "./solvers/solver.ts";

/** Intervals j of the edit, counted from the data's end: step 1 of an edit is interval N. */
export interface Intervals {
  readonly from: number;
  readonly to: number;
}

/** The pass over the source, and the evaluations whose V it keeps. */
export interface InversionPlan extends Pass {
  /** What is kept from those evaluations. */
  readonly recording: Recording;
  recorded(point: EvaluationPoint): boolean;
}

/** The pass of the edit, and the inversion that it needs. */
export interface Plan extends Pass {
  readonly inversion: InversionPlan;
  /** Intervals after which latents are fused (Eq. 13). */
  readonly structuring: Intervals | undefined;
  /** Intervals in which V is fused (Eq. 15). */
  readonly detailing: Detailing | undefined;
  /** Where K and V of the tokens that are not computed come from; undefined if all are computed. */
  readonly background: Surroundings | undefined;
}

export interface PlanOptions {
  /** N, 1 or more. */
  readonly steps: number;
  /** Number of inversion steps; default N. */
  readonly inversionSteps?: number;
  /** L, which determines the shift of the timesteps. */
  readonly imageTokens: number;
  /** T in 0..N: structuring in the first T steps, detailing in the other N − T. */
  readonly structuringSteps: number;
  /** Default: the paper's, second-order RF-Solver. */
  readonly solver?: Solver;
  /** Default: FLUX's timesteps, shifted. */
  readonly spacing?: Spacing;
  /** Latent fusion; default true. */
  readonly latent?: boolean;
  /** V fusion; default true. */
  readonly attention?: boolean;
  readonly pairing?: Pairing;
  readonly path?: Exclude<ValuePath, "beside">;
  /** Whether there is an inversion pass; default true. Without one, the source's V is computed alongside the edit. */
  readonly inverted?: boolean;
}

/**
 * Plans S2D-EC (paper section 3.4). Without `latent` and `attention` it is the plain edit. Throws InputError for T outside
 * 0..N, and for `time` pairing at T = 0, whose first step would need an evaluation that the inversion never makes.
 */
export function planSculpting(options: PlanOptions): Plan {
  const { steps, inversionSteps = steps, structuringSteps, latent = true, attention = true } = options;
  const { pairing = "interval", path = "cache", inverted = true, solver = rfSolver2 } = options;
  const passOf = (count: number): Pass => ({
    solver,
    timesteps: timesteps(count, options.imageTokens, options.spacing).toReversed(),
  });
  const edit = passOf(steps);
  const inversion = passOf(inversionSteps);
  if (!Number.isInteger(structuringSteps) || structuringSteps < 0 || structuringSteps > steps) {
    throw new InputError("schedule_invalid", `T = ${structuringSteps}: it must be 0 to ${steps}, the steps`);
  }
  if (attention && inverted && pairing === "time" && structuringSteps === 0) {
    throw new InputError(
      "schedule_invalid",
      'pairing "time" needs at least one structuring step (T of 1 or more)',
    );
  }
  const last = steps - structuringSteps;
  const source = inverted ? sourcePoints(edit, inversion, pairing) : sameTime;
  const valuePath: ValuePath = path === "cache" && !inverted ? "beside" : path;
  const detailing = attention && last > 0 ? { from: 1, to: last, source, path: valuePath } : undefined;
  const background = path === "background" ? { source, beside: !inverted } : undefined;
  return {
    ...edit,
    background,
    inversion: recordedFor(inversion, edit, { detailing, background }),
    structuring: latent && structuringSteps > 0 ? { from: last + 1, to: steps } : undefined,
    detailing,
  };
}

/** What an edit takes from the source. */
type Taken = Pick<Plan, "detailing" | "background">;

/** An inversion that keeps exactly what an edit will need from its evaluations. */
export function recordedFor(inversion: Pass, edit: Pass, { detailing, background }: Taken): InversionPlan {
  const needed = new Set<string>();
  const needs = (source: SourcePoint | undefined, point: EvaluationPoint) =>
    source && needed.add(keyOf(source(point)));
  for (const { point } of evaluationsOf(edit, "edit")) {
    if (background?.beside === false) needs(background.source, point);
    if (detailing?.path === "cache" && isDetailed(detailing, point)) needs(detailing.source, point);
  }
  const recording = background ? "background" : "values";
  return { ...inversion, recording, recorded: (point) => needed.has(keyOf(point)) };
}

/**
 * An inversion that is kept for later edits. If its path records features, it records every evaluation, so that it serves
 * any T, pairing and number of edit steps.
 */
export function planKeptInversion({ inversion }: Pick<Plan, "inversion">, path: ValuePath) {
  return { inversion: { ...inversion, recorded: () => path === "cache" || path === "background" } };
}
