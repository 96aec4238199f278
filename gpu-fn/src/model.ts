import { join } from "node:path";
import { type Autoencoder, openAutoencoder } from "./autoencoder.ts";
import { type Clip, openClip } from "./clip.ts";
import { WeightsError } from "./errors.ts";
import type { Mask } from "./image/mask.ts";
import { type Manifest, partFiles } from "./manifest.ts";
import { openPasl, type Pasl } from "./pasl.ts";
import { openWeights, type Weights } from "./safetensors.ts";
import type { SessionOptions } from "./session.ts";
import { openT5, type T5 } from "./t5.ts";
import { openTokenizer, type Tokenize } from "./tokenizer.ts";
import { openTransformer, type Transformer } from "./transformer.ts";

/** What the transformer is told: a prompt through both text encoders. */
export interface Conditioning {
  /** T5 tokens [1, S, context_in_dim]. */
  readonly txt: Float32Array;
  /** Pooled CLIP vector [1, vec_in_dim]. */
  readonly vec: Float32Array;
}

/** How the transformer is wanted: how many blocks fuse V, and where the source's V comes from. */
export interface TransformerUse {
  readonly valueBlocks: number;
  readonly valuePath: "cache" | "paired";
  /** Rows whose V is fused: the image's, as an edit has it, or the prompt's too. Default `image`. */
  readonly rows?: "image" | "all";
  /** Fuse K beside V. Default false. */
  readonly keys?: boolean;
}

/** Every part of a model, open. `run` of a part blocks the thread: a model lives in the engine's. */
export interface Model {
  readonly manifest: Manifest;
  /** A prompt through CLIP and T5. */
  condition(prompt: string): Promise<Conditioning>;
  /** `[1,3,r,r]` in −1…1 to the scaled latent [1, z, h, w]. */
  encode(image: Float32Array): Promise<Float32Array>;
  /** The reverse; values are not clamped. */
  decode(latent: Float32Array): Promise<Float32Array>;
  /** The region of `[1,3,r,r]` that each prompt talks about, on PASL's grid. */
  locate(image: Float32Array, prompts: readonly string[]): Promise<Mask[]>;
  /** The transformer for one use; each use is opened once and kept. */
  transformer(use: TransformerUse): Promise<Transformer>;
  /** Tokens down and across the square the model edits. */
  readonly grid: number;
  release(): Promise<void>;
}

/** @throws WeightsError where a file is missing, damaged, or is not what the manifest says */
export async function openModel(manifest: Manifest, session: SessionOptions = {}): Promise<Model> {
  const { flux, autoencoder, clip, t5, pasl, resolution } = manifest;
  const weights = (part: { files: string[] }): Weights => openWeights(...partFiles(manifest, part));
  const [fluxWeights, aeWeights, clipWeights] = [weights(flux), weights(autoencoder), weights(clip)];
  const [t5Weights, paslWeights] = [weights(t5), weights(pasl)];
  const [vae, clipTower, t5Tower, locator, clipTokens, t5Tokens] = await settled([
    openAutoencoder(aeWeights, autoencoder.config, session),
    openClip(clipWeights, clip.config, session),
    openT5(t5Weights, t5.config, session),
    openPasl(paslWeights, pasl.config, session),
    tokenizer(manifest, clip),
    tokenizer(manifest, t5),
  ]);
  const transformers = new Map<string, Promise<Transformer>>();
  const side = resolution / vae.factor;

  return {
    manifest,
    grid: side / 2,
    condition: (prompt) => condition(prompt, clipTower, clipTokens, t5Tower, t5Tokens),
    encode: async (image) => (await vae.encode(image, { height: resolution, width: resolution })).latent,
    decode: (latent) => vae.decode(latent, { height: side, width: side }),
    async locate(image, prompts) {
      const features = await locator.imageFeatures(image, resolution, resolution);
      const one = async (prompt: string): Promise<Mask> => {
        const { textEmbeds } = await clipTower.encode([clipTokens(prompt)]);
        if (textEmbeds === undefined) throw new WeightsError("the CLIP text tower has no text_projection");
        const { masks } = await locator.locate(features, textEmbeds);
        return { width: features.width, height: features.height, data: masks };
      };
      const found: Mask[] = [];
      for (const prompt of prompts) found.push(await one(prompt));
      return found;
    },
    transformer({ valueBlocks, valuePath, rows = "image", keys = false }) {
      const key = `${valueBlocks} ${valuePath} ${rows} ${keys}`;
      const values = { blocks: valueBlocks, rows, source: valuePath, keys } as const;
      const open =
        transformers.get(key) ??
        openTransformer(fluxWeights, flux.config, { session, ...(valueBlocks > 0 ? { values } : {}) });
      transformers.set(key, open);
      return open;
    },
    async release() {
      const opened = await Promise.all(transformers.values());
      const parts: (Autoencoder | Clip | T5 | Pasl | Transformer)[] = [
        vae,
        clipTower,
        t5Tower,
        locator,
        ...opened,
      ];
      await Promise.all(parts.map((part) => part.release()));
    },
  };
}

/**
 * Promise.all that waits for every promise before it throws the first error: a thread that ends while the
 * runtime still opens a session takes the process with it.
 */
async function settled<T extends readonly unknown[]>(parts: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(parts);
  return (await Promise.all(parts)) as unknown as T;
}

function tokenizer(manifest: Manifest, part: Manifest["clip"] | Manifest["t5"]): Promise<Tokenize> {
  const { length, config } = part;
  return openTokenizer(join(manifest.folder, part.tokenizer), {
    length,
    endTokenId: config.eos_token_id,
    padTokenId: config.pad_token_id,
  });
}

async function condition(
  prompt: string,
  clip: Clip,
  clipTokens: Tokenize,
  t5: T5,
  t5Tokens: Tokenize,
): Promise<Conditioning> {
  const { pooled } = await clip.encode([clipTokens(prompt)]);
  return { txt: await t5.encode([t5Tokens(prompt)]), vec: pooled };
}
