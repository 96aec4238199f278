/** The transformer of one checkpoint, opened for each use that is made of it. */
import type { FluxConfig } from "../graph/flux-config.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import type { SessionOptions } from "./session.ts";
import { openTransformer, type Transformer } from "./transformer.ts";

/** V is kept in half precision: no byte of a picture moves by more than 1, and one in 3000 by that. */
const KEPT = "float16";

/** Where the source's V comes from. */
export interface TransformerUse {
  readonly valuePath: "cache" | "paired" | "background";
}

export interface Transformers {
  open(use: TransformerUse): Promise<Transformer>;
  release(): Promise<void>;
}

/**
 * Each use is opened once and kept, for any number of fused blocks: another number must not load the weights anew. On a
 * GPU, where every session holds the weights, only the latest use is kept: another one takes its place, so it is for one
 * edit after another.
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

  const openNew = async ({ valuePath }: TransformerUse) => {
    const values = { blocks: config.depth_single_blocks, source: valuePath, kept: KEPT } as const;
    return openTransformer(weights, config, { session, ...(values.blocks > 0 ? { values } : {}) });
  };
  return {
    open(use) {
      const known = opened.get(use.valuePath);
      if (known) return known;
      const before = latestOnly ? releaseAll() : Promise.resolve();
      const opening = before.then(() => openNew(use));
      opened.set(use.valuePath, opening);
      return opening;
    },
    release: releaseAll,
  };
}
