/** A transformer bound to one grid of image tokens: the model that the solver and the fusions work with. */
import type { State, VelocityModel } from "./detailing.ts";
import { InputError } from "./errors.ts";
import { gridIds, type RopeTables, ropeTables, type TokenGrid } from "./packing.ts";
import type { Transformer } from "./transformer.ts";

/**
 * Binds transformers of one checkpoint to a grid.
 *
 * @param transformer plain, or with `source: "cache"` values
 * @param paired the same weights with `source: "paired"`, for plans whose path is `paired`
 */
export function bindModel(transformer: Transformer, grid: TokenGrid, paired?: Transformer): VelocityModel {
  const { config, values } = transformer;
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
    async evaluate(state, { fusion, record = false } = {}) {
      const rope = ropeFor(state);
      if (fusion && values?.rows === "all" && fusion.sources[0]?.length !== rope.rows * config.hidden_size) {
        throw new InputError("prompt_invalid", "V of all rows needs both prompts to have as many tokens");
      }
      const { latent, t, condition } = state;
      const { txt, vec, guidance } = condition;
      const base = { latent, times: [t], txt, vec, guidance: [guidance], rope, record };
      return transformer.evaluate(fusion ? { ...base, fusion } : base);
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
