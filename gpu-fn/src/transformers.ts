/** The transformer of one checkpoint, opened for each use that is made of it. */
import type { FluxConfig } from "./graph/flux-config.ts";
import type { Weights } from "./safetensors.ts";
import type { SessionOptions } from "./session.ts";
import { openTransformer, type Transformer } from "./transformer.ts";

/** How the transformer is wanted: how many blocks fuse V, and where the source's V comes from. */
export interface TransformerUse {
  readonly valueBlocks: number;
  readonly valuePath: "cache" | "paired";
  /** Rows whose V is fused: the image's, as an edit has it, or the prompt's too. Default `image`. */
  readonly rows?: "image" | "all";
  /** Fuse K beside V. Default false. */
  readonly keys?: boolean;
}

export interface Transformers {
  open(use: TransformerUse): Promise<Transformer>;
  release(): Promise<void>;
}

/**
 * Each use is opened once and kept. On a GPU, where every session holds the weights, only the latest is: another
 * use takes its place, so it is for one edit after another.
 */
export function transformers(weights: Weights, config: FluxConfig, session: SessionOptions): Transformers {
  const opened = new Map<string, Promise<Transformer>>();
  const kept = session.compute === undefined || session.compute === "float32" ? "float32" : "float16";
  const releaseAll = async () => {
    const all = [...opened.values()];
    opened.clear();
    for (const transformer of await Promise.allSettled(all))
      if (transformer.status === "fulfilled") await transformer.value.release();
  };

  const openNew = async ({ valueBlocks, valuePath, rows = "image", keys = false }: TransformerUse) => {
    const values = { blocks: valueBlocks, rows, source: valuePath, keys, kept } as const;
    return openTransformer(weights, config, { session, ...(valueBlocks > 0 ? { values } : {}) });
  };
  return {
    open(use) {
      const { valueBlocks, valuePath, rows = "image", keys = false } = use;
      const key = valueBlocks === 0 ? "plain" : `${valueBlocks} ${valuePath} ${rows} ${keys}`;
      const known = opened.get(key);
      if (known) return known;
      const before = session.provider === "cuda" ? releaseAll() : Promise.resolve();
      const opening = before.then(() => openNew(use));
      opened.set(key, opening);
      return opening;
    },
    release: releaseAll,
  };
}
