import type { Model } from "../../../src/model/model.ts";
import type { Transformer } from "../../../src/model/transformer.ts";
import { bindModel } from "../../../src/model/velocity-model.ts";
import { type Spread, spreadOf } from "../../kit/spread.ts";
import { skipping } from "./skipping.ts";
import type { SplitTransformer } from "./split.ts";

/** Times as shares of an evaluation of the whole transformer, the decision whether to skip among them. */
export interface PartTimes {
  /** Both parts. */
  readonly full: Spread;
  /** The first block alone. */
  readonly skipped: Spread;
}

/** On the grid of a square picture; each once a round, so that all see the machine alike. */
export async function timeParts(model: Model, split: SplitTransformer, rounds: number): Promise<PartTimes> {
  const { grid: rows, execution } = model;
  const { in_channels: channels } = split.config;
  const latent = Float32Array.from({ length: rows ** 2 * channels }, (_, i) => Math.sin(i));
  const condition = { ...(await model.condition("a person.")), guidance: 1 };
  const timerOf = (transformer: Transformer) => {
    const bound = bindModel(transformer, { rows, columns: rows });
    return async () => {
      const start = performance.now();
      await bound.evaluate({ latent, t: 0.5, condition });
      return performance.now() - start;
    };
  };
  const whole = timerOf(
    await model.transformer({ valueBlocks: execution.blocks, valuePath: execution.path }),
  );
  const full = timerOf(skipping(split, 0).transformer);
  const skipped = timerOf(skipping(split, Number.POSITIVE_INFINITY).transformer);
  const shares: { full: number; skipped: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const all = await whole();
    const taken = { full: (await full()) / all, skipped: (await skipped()) / all };
    if (round > 0) shares.push(taken); // the first is a warm-up, and skips nothing
  }
  return {
    full: spreadOf(shares.map((share) => share.full)) as Spread,
    skipped: spreadOf(shares.map((share) => share.skipped)) as Spread,
  };
}
