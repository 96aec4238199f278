/**
 * Detailing: outside of the mask, attention sees the source's V features (algorithm.md section 5, step 2; Eq. 14 and
 * 15). They are recorded while the photo is inverted, or computed again beside the edit (paired).
 */
import { InputError } from "./errors.ts";
import { type EvaluationPoint, midpoint, type Velocity } from "./solver.ts";

/** What a prompt gives the transformer. */
export interface Condition {
  /** T5 tokens [S, context_in_dim]. */
  readonly txt: Float32Array;
  /** Pooled CLIP vector [vec_in_dim]. */
  readonly vec: Float32Array;
  readonly guidance: number;
}

/** V of the last m single blocks, [rows, width] each; then their K, if the transformer was opened with keys. */
export type Values = readonly Float32Array[];

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
 * Which source evaluation an edit evaluation takes V from. Middles coincide. At a step's start, t_j, `interval` takes
 * the inversion's first evaluation of the same interval, which was at t_{j−1} (as RF-Solver-Edit does); `time` takes
 * the one at t_j, which began the inversion's next interval.
 */
export type Pairing = "interval" | "time";

/** Where source V comes from: recorded during inversion, or computed again with the target in a batch of two. */
export type ValuePath = "cache" | "paired";

/** The edit's intervals [from, to], j counting from the data's end, in which V is fused. */
export interface Detailing {
  readonly from: number;
  readonly to: number;
  readonly pairing: Pairing;
  readonly path: ValuePath;
}

function sourcePoint(point: EvaluationPoint, pairing: Pairing): EvaluationPoint {
  return pairing === "time" && point.half === "first" ? { ...point, interval: point.interval + 1 } : point;
}

const keyOf = ({ interval, half }: EvaluationPoint) => `${interval} ${half}`;

/** Source V by evaluation of the inversion. */
export class ValueStore {
  readonly #values = new Map<string, Values>();

  set(point: EvaluationPoint, values: Values): void {
    this.#values.set(keyOf(point), values);
  }

  /** Throws InputError where this evaluation was not recorded. */
  get(point: EvaluationPoint): Values {
    const values = this.#values.get(keyOf(point));
    if (!values) throw new InputError("option_invalid", "the inversion was not recorded for this edit");
    return values;
  }

  has(point: EvaluationPoint): boolean {
    return this.#values.has(keyOf(point));
  }

  /** Bytes held. */
  get bytes(): number {
    let sum = 0;
    for (const values of this.#values.values()) for (const value of values) sum += value.byteLength;
    return sum;
  }
}

/** The source's velocity during inversion; V is recorded where the edit will need it. */
export function recordingVelocity(
  model: VelocityModel,
  condition: Condition,
  store: ValueStore,
  detailing: Detailing | undefined,
): Velocity {
  const needed = detailing?.path === "cache" ? neededPoints(detailing) : new Set<string>();
  return async (latent, t, point) => {
    const record = needed.has(keyOf(point));
    const { velocity, values } = await model.evaluate({ latent, t, condition }, { record });
    if (record) store.set(point, values);
    return velocity;
  };
}

function neededPoints({ from, to, pairing }: Detailing): Set<string> {
  const needed = new Set<string>();
  for (let interval = from; interval <= to; interval++) {
    for (const half of ["first", "mid"] as const) needed.add(keyOf(sourcePoint({ interval, half }, pairing)));
  }
  return needed;
}

/** What the inversion went through: enough to repeat any of its evaluations. */
export interface SourcePath {
  readonly timesteps: readonly number[];
  /** Latents at t_0 .. t_N. */
  readonly latents: readonly Float32Array[];
  /** Latents at the middles of intervals 1 .. N. */
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
    const at = sourcePoint(point, detailing.pairing);
    if (detailing.path === "cache") {
      const fusion = { mask, sources: source.values.get(at) };
      return (await model.evaluate(target, { fusion })).velocity;
    }
    if (!model.evaluatePair)
      throw new InputError("option_invalid", "this model was not opened for paired edits");
    return model.evaluatePair(sourceState(source, at), target, mask);
  };
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
