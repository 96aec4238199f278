/** What an evaluation costs over the size of the picture, beside what its arithmetic grows by. */
import type { Model } from "../../src/model/model.ts";
import { bindModel } from "../../src/model/velocity-model.ts";
import { type Spread, spreadOf } from "../kit/spread.ts";

/** Image tokens down and across: 64 to 1024 tokens. */
const SIDES = [8, 12, 16, 24, 32] as const;

export interface TokenCost {
  readonly imageTokens: number;
  /** With the prompt's. */
  readonly tokens: number;
  readonly ms: Spread;
  /** FLOP of the linear layers, ∝ tokens, and of attention, ∝ tokens² (docs/algorithm.md section 7). */
  readonly linearFlop: number;
  readonly attentionFlop: number;
}

/** Every size once a round, so that all see the machine alike. */
export async function timeTokens(model: Model, rounds: number): Promise<TokenCost[]> {
  const { config } = model.manifest.flux;
  const transformer = await model.transformer({ valuePath: "cache" });
  const condition = { ...(await model.condition("a person.")), guidance: 1 };
  const text = condition.txt.length / config.context_in_dim;
  const sizes = SIDES.map((side) => {
    const latent = Float32Array.from({ length: side ** 2 * config.in_channels }, (_, i) => Math.sin(i));
    const bound = bindModel(transformer, { rows: side, columns: side });
    return { side, ms: [] as number[], evaluate: () => bound.evaluate({ latent, t: 0.5, condition }) };
  });
  for (let round = 0; round <= rounds; round++)
    for (const { ms, evaluate } of sizes) {
      const start = performance.now();
      await evaluate();
      if (round > 0) ms.push(performance.now() - start); // the first is a warm-up
    }
  const blocks = config.depth + config.depth_single_blocks;
  return sizes.map(({ side, ms }) => {
    const tokens = side ** 2 + text;
    return {
      imageTokens: side ** 2,
      tokens,
      ms: spreadOf(ms) as Spread,
      linearFlop: blocks * 24 * config.hidden_size ** 2 * tokens,
      attentionFlop: blocks * 4 * tokens ** 2 * config.hidden_size,
    };
  });
}
