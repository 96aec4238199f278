/** A transformer bound to one grid of image tokens: the model that the solver and the fusions use. */

import { InputError } from "../errors.ts";
import type { Condition } from "../method/condition.ts";
import type { State, VelocityModel } from "../method/detailing.ts";
import { gridIds, type RopeTables, ropeTables, type TokenGrid } from "../tensor/packing.ts";
import { partialEvaluation } from "./partial-evaluation.ts";
import type { Transformer } from "./transformer.ts";

/**
 * Binds transformers of one checkpoint to a grid.
 *
 * @param transformer plain, or with `source: "cache"` or `"background"` values
 * @param paired the same weights with `source: "paired"`, for plans whose path is `paired`
 * @param valueBlocks m; default: all blocks that the transformer was opened for
 */
export function bindModel(
  transformer: Transformer,
  grid: TokenGrid,
  paired?: Transformer,
  valueBlocks?: number,
): VelocityModel {
  const { config, values } = transformer;
  const blocks = valueBlocks === undefined ? {} : { valueBlocks };
  const tables = new Map<number, RopeTables>();
  const ropeFor = (state: State) => {
    const textTokens = state.condition.txt.length / config.context_in_dim;
    const known = tables.get(textTokens);
    if (known) return known;
    const rope = ropeTables(gridIds(textTokens, grid), config.axes_dim, config.theta);
    tables.set(textTokens, rope);
    return rope;
  };

  const model: VelocityModel = {
    async evaluate(state, { fusion, background, record } = {}) {
      const rope = ropeFor(state);
      if (
        fusion &&
        values?.fused?.rows === "all" &&
        fusion.sources[0]?.length !== rope.rows * config.hidden_size
      ) {
        throw new InputError("prompt_invalid", "V of all rows needs both prompts to have as many tokens");
      }
      const { latent, t, condition } = state;
      const { txt, vec, guidance } = condition;
      const recording = record && { record };
      const base = { latent, times: [t], txt, vec, guidance: [guidance], rope, ...recording, ...blocks };
      const whole = fusion ? { ...base, fusion } : base;
      return transformer.evaluate(
        background ? partialEvaluation(whole, background, config, valueBlocks ?? values?.blocks ?? 0) : whole,
      );
    },
  };
  if (!paired) return model;
  return {
    ...model,
    async evaluatePair(source, target, mask) {
      if (source.condition.txt.length !== target.condition.txt.length) {
        throw new InputError("prompt_invalid", "a paired edit needs both prompts to have as many tokens");
      }
      const { velocity } = await paired.evaluate({
        latent: joined(source.latent, target.latent),
        times: [source.t, target.t],
        txt: joined(source.condition.txt, target.condition.txt),
        vec: joined(source.condition.vec, target.condition.vec),
        guidance: [source.condition.guidance, target.condition.guidance],
        rope: ropeFor(target),
        fusion: { mask },
        ...blocks,
      });
      return velocity.slice(velocity.length / 2);
    },
  };
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** The same model; `evaluated` is called before every evaluation with their number: 1, or 2 for a pair. */
export function counted(model: VelocityModel, evaluated: (count: number) => void): VelocityModel {
  const { evaluatePair } = model;
  return {
    evaluate(state, options) {
      evaluated(1);
      return model.evaluate(state, options);
    },
    ...(evaluatePair && {
      evaluatePair(source: State, target: State, mask: Float32Array) {
        evaluated(2);
        return evaluatePair(source, target, mask);
      },
    }),
  };
}

/**
 * True classifier-free guidance: v_u + w·(v_c − v_u) from two evaluations, with the target's prompt and with an
 * empty one, both at guidance 1 (Ho and Salimans 2022, on the scale where 1 means only the prompt). At w = 1 nothing
 * changes. V is fused in both evaluations, and recorded in the one with the prompt.
 *
 * @param empty conditioning of an empty prompt
 */
export function withTrueGuidance(model: VelocityModel, empty: Omit<Condition, "guidance">): VelocityModel {
  const { evaluatePair } = model;
  const at1 = (state: State, condition: Omit<Condition, "guidance">): State => ({
    ...state,
    condition: { ...condition, guidance: 1 },
  });
  const guided = (free: Float32Array, prompted: Float32Array, weight: number) =>
    free.map((value, index) => value + weight * ((prompted[index] ?? 0) - value));
  return {
    async evaluate(state, options = {}) {
      const { guidance } = state.condition;
      if (guidance === 1) return model.evaluate(state, options);
      const { record: _, ...unrecorded } = options;
      const { velocity, values } = await model.evaluate(at1(state, state.condition), options);
      const free = await model.evaluate(at1(state, empty), unrecorded);
      return { velocity: guided(free.velocity, velocity, guidance), values };
    },
    ...(evaluatePair && {
      async evaluatePair(source: State, target: State, mask: Float32Array) {
        const { guidance } = target.condition;
        const prompted = await evaluatePair(source, at1(target, target.condition), mask);
        if (guidance === 1) return prompted;
        return guided(await evaluatePair(source, at1(target, empty), mask), prompted, guidance);
      },
    }),
  };
}
