/**
 * Detailing: outside the mask, attention uses the source's V features (docs/algorithm.md section 5; Eq. 14 to 16).
 * They are recorded during the photo's inversion, or computed again alongside the edit (paired).
 */
import { InputError } from "../errors.ts";
import type { Recording, Values } from "../tensor/tensor.ts";
import type { Condition } from "./condition.ts";
import type { SourcePoint } from "./pairing.ts";
import { type EvaluationPoint, midpoint, type Velocity } from "./solvers/solver.ts";
import type { ValueStore } from "./value-store.ts";

export interface State {
  readonly latent: Float32Array;
  readonly t: number;
  readonly condition: Condition;
}

/** An evaluation of only some of the image's tokens. */
export interface Background {
  /** Indices of the computed tokens, ascending. */
  readonly rows: Int32Array;
  /** K and V of all image tokens, which attention uses for those that are not computed. */
  readonly kept: Values;
}

export interface ModelOptions {
  /** Mixes in source V where the mask is below 1. With a background, `sources` are K and V in the form they are kept. */
  readonly fusion?: { readonly mask: Float32Array; readonly sources: Values };
  readonly background?: Background;
  readonly record?: Recording;
}

/** A transformer on one grid of tokens, as used by the edit. */
export interface VelocityModel {
  /**
   * Channels of the latent, V and prompts are the model's. `values` is empty unless recorded. With a background, the
   * velocity has only its rows.
   */
  evaluate(state: State, options?: ModelOptions): Promise<{ velocity: Float32Array; values: Values }>;
  /** Evaluates both prompts at once. @returns the target's velocity, with the source's V mixed in */
  evaluatePair?(source: State, target: State, mask: Float32Array): Promise<Float32Array>;
}

/**
 * Where source V comes from. `cache`: recorded during inversion. `paired`: computed again with the target in a batch of
 * two. `beside`: computed alongside each evaluation of the target, if there was no inversion. `background`: recorded or
 * computed alongside, together with K and V of all tokens outside the mask, which the edit then does not compute.
 */
export type ValuePath = "cache" | "paired" | "beside" | "background";

/** The edit's intervals [from, to] in which V is fused; j counts from the data's end. */
export interface Detailing {
  readonly from: number;
  readonly to: number;
  readonly source: SourcePoint;
  readonly path: ValuePath;
}

/** Whether V is fused in this evaluation. */
export function isDetailed(
  detailing: Detailing | undefined,
  { interval }: EvaluationPoint,
): detailing is Detailing {
  return detailing !== undefined && detailing.from <= interval && interval <= detailing.to;
}

/** The source's velocity during inversion; V, or K and V, is kept from the evaluations in `recorded`. */
export function recordingVelocity(
  model: VelocityModel,
  condition: Condition,
  store: ValueStore,
  recorded: (point: EvaluationPoint) => boolean,
  record: Recording,
): Velocity {
  return async (latent, t, point) => {
    const state = { latent, t, condition };
    if (!recorded(point)) return (await model.evaluate(state)).velocity;
    const { velocity, values } = await model.evaluate(state, { record });
    store.set(point, values);
    return velocity;
  };
}

/** The path of the source, with which any of its evaluations can be repeated. */
export interface SourcePath {
  readonly timesteps: readonly number[];
  /** Latents at t_0 .. t_N. */
  readonly latents: readonly Float32Array[];
  /** Latents at the midpoints of intervals 1 .. N; empty if the solver has none. */
  readonly mids: readonly Float32Array[];
  readonly values: ValueStore;
  readonly condition: Condition;
}

/** The target's velocity in the edit; V is fused in the intervals of `detailing`. */
export function detailingVelocity(
  model: VelocityModel,
  condition: Condition,
  source: SourcePath,
  mask: Float32Array,
  detailing: Detailing | undefined,
): Velocity {
  return async (latent, t, point) => {
    const target = { latent, t, condition };
    if (!isDetailed(detailing, point)) return (await model.evaluate(target)).velocity;
    const at = detailing.source(point);
    if (detailing.path !== "paired") {
      const sources =
        detailing.path === "cache" ? source.values.get(at) : await valuesAt(model, source, at, "values");
      return (await model.evaluate(target, { fusion: { mask, sources } })).velocity;
    }
    if (!model.evaluatePair)
      throw new InputError("option_invalid", "this model was not opened for paired edits");
    return model.evaluatePair(sourceState(source, at), target, mask);
  };
}

/** Repeats an evaluation of the source to obtain its features. */
export async function valuesAt(
  model: VelocityModel,
  source: SourcePath,
  at: EvaluationPoint,
  record: Recording,
): Promise<Values> {
  return (await model.evaluate(sourceState(source, at), { record })).values;
}

function sourceState(source: SourcePath, { interval, half }: EvaluationPoint): State {
  const { timesteps, latents, mids, condition } = source;
  const start = timesteps[interval - 1] ?? 0;
  const [latent, t] =
    half === "first"
      ? [latents[interval - 1], start]
      : [mids[interval - 1], midpoint(start, timesteps[interval] ?? 0)];
  return { latent: latent ?? new Float32Array(), t, condition };
}
