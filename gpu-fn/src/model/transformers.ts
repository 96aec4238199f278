/** The transformer of one checkpoint, opened for each use that is made of it. */
import type { FluxConfig } from "../graph/flux-config.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import type { SessionOptions } from "./session.ts";
import { openTransformer, type Transformer } from "./transformer.ts";

/** V is kept in half precision: no byte of a picture moves by more than 1, and one in 3000 by that. */
const KEPT = "float16";

/** How the transformer is wanted: how many blocks fuse V, and where the source's V comes from. */
export interface TransformerUse {
  readonly valueBlocks: number;
  readonly valuePath: "cache" | "paired";
}

export interface Transformers {
  open(use: TransformerUse): Promise<Transformer>;
  release(): Promise<void>;
}

/**
 * Each use is opened once and kept. On a GPU, where every session holds the weights, only the latest is: another
 * use takes its place, so it is for one edit after another.
 *
 * @param latestOnly keep one; default: on a GPU
 */
export function transformers(
  weights: Weights,
  config: FluxConfig,
  session: SessionOptions,
  latestOnly = session.provider === "cuda",
): Transformers {
  const opened = new Map<string, Promise<Transformer>>();
  const releaseAll = async () => {
    const all = [...opened.values()];
    opened.clear();
    for (const transformer of await Promise.allSettled(all))
      if (transformer.status === "fulfilled") await transformer.value.release();
  };

  const openNew = async ({ valueBlocks, valuePath }: TransformerUse) => {
    const values = { blocks: valueBlocks, source: valuePath, kept: KEPT } as const;
    return openTransformer(weights, config, { session, ...(valueBlocks > 0 ? { values } : {}) });
  };
  return {
    open(use) {
      const { valueBlocks, valuePath } = use;
      const key = valueBlocks === 0 ? "plain" : `${valueBlocks} ${valuePath}`;
      const known = opened.get(key);
      if (known) return known;
      const before = latestOnly ? releaseAll() : Promise.resolve();
      const opening = before.then(() => openNew(use));
      opened.set(key, opening);
      return opening;
    },
    release: releaseAll,
  };
}
