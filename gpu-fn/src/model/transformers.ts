/** The transformer of one checkpoint, opened separately for each use. */
import type { FluxConfig } from "../graph/flux-config.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import type { SessionOptions } from "./session.ts";
import { openTransformer, type Transformer } from "./transformer.ts";

/** V is kept in half precision: no byte of a picture changes by more than 1, and only one in 3000 changes. */
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
 * Each use is opened once and kept, for any number of fused blocks, because another number must not reload the weights. On
 * a GPU, where every session holds the weights, only the latest use is kept and another one replaces it, so edits must
 * run one after another.
 *
 * @param latestOnly keep only one; default: true on a GPU
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
