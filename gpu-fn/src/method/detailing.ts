/**
 * Detailing: outside of the mask, attention sees the source's V features (docs/algorithm.md section 5; Eq. 14 to 16).
 * They are recorded while the photo is inverted, or computed again beside the edit (paired).
 */
import { InputError } from "../errors.ts";
import type { Values } from "../tensor/tensor.ts";
import type { Condition } from "./condition.ts";
import type { SourcePoint } from "./pairing.ts";
import { type EvaluationPoint, midpoint, type Velocity } from "./solvers/solver.ts";
import type { ValueStore } from "./value-store.ts";

export interface State {
  readonly latent: Float32Array;
  readonly t: number;
  readonly condition: Condition;
}

export interface ModelOptions {
  /** Mix source V in where the mask is below 1. */
  readonly fusion?: { readonly mask: Float32Array; readonly sources: Values };
  readonly record?: boolean;
}

/** A transformer on one grid of tokens, as the edit sees it. */
export interface VelocityModel {
  /** Channels of the latent, V and prompts are the model's; `values` is empty unless recorded. */
  evaluate(state: State, options?: ModelOptions): Promise<{ velocity: Float32Array; values: Values }>;
  /** Both prompts in one evaluation; the target's velocity, with the source's V mixed in. */
  evaluatePair?(source: State, target: State, mask: Float32Array): Promise<Float32Array>;
}

/**
 * Where source V comes from: recorded during inversion; computed again with the target in a batch of two; or computed
 * beside each evaluation of the target, where there was no inversion.
 */
export type ValuePath = "cache" | "paired" | "beside";

/** The edit's intervals [from, to], j counting from the data's end, in which V is fused. */
export interface Detailing {
  readonly from: number;
  readonly to: number;
  readonly source: SourcePoint;
  readonly path: ValuePath;
}

/** The source's velocity during inversion; V is kept of the evaluations that are `recorded`. */
export function recordingVelocity(
  model: VelocityModel,
  condition: Condition,
  store: ValueStore,
  recorded: (point: EvaluationPoint) => boolean,
): Velocity {
  return async (latent, t, point) => {
    const record = recorded(point);
    const { velocity, values } = await model.evaluate({ latent, t, condition }, { record });
    if (record) store.set(point, values);
    return velocity;
  };
}

/** What the source went through: enough to repeat any of its evaluations. */
export interface SourcePath {
  readonly timesteps: readonly number[];
  /** Latents at t_0 .. t_N. */
  readonly latents: readonly Float32Array[];
  /** Latents at the middles of intervals 1 .. N; none if the solver has no middles. */
  readonly mids: readonly Float32Array[];
  readonly values: ValueStore;
  readonly condition: Condition;
}

/** The target's velocity in the edit; V is fused in the intervals that `detailing` names. */
export function detailingVelocity(
  model: VelocityModel,
  condition: Condition,
  source: SourcePath,
  mask: Float32Array,
  detailing: Detailing | undefined,
): Velocity {
  return async (latent, t, point) => {
    const target = { latent, t, condition };
    const fused = detailing && detailing.from <= point.interval && point.interval <= detailing.to;
    if (!fused) return (await model.evaluate(target)).velocity;
    const at = detailing.source(point);
    if (detailing.path !== "paired") {
      const sources = detailing.path === "cache" ? source.values.get(at) : await valuesAt(model, source, at);
      return (await model.evaluate(target, { fusion: { mask, sources } })).velocity;
    }
    if (!model.evaluatePair)
      throw new InputError("option_invalid", "this model was not opened for paired edits");
    return model.evaluatePair(sourceState(source, at), target, mask);
  };
}

async function valuesAt(model: VelocityModel, source: SourcePath, at: EvaluationPoint): Promise<Values> {
  return (await model.evaluate(sourceState(source, at), { record: true })).values;
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
