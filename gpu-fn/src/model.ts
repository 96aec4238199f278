import { join } from "node:path";
import { type Autoencoder, openAutoencoder } from "./autoencoder.ts";
import { type Clip, openClip } from "./clip.ts";
import { hasTextProjection } from "./graph/clip.ts";
import { type Locate, locator, unlocatable } from "./locator.ts";
import type { Manifest } from "./manifest.ts";
import type { Way } from "./memory/plan.ts";
import { textCompute } from "./memory/sizes.ts";
import { int8Files, type LaidOut, optionalFiles, partFiles } from "./model-files.ts";
import type { TokenGrid } from "./packing.ts";
import { openPasl } from "./pasl.ts";
import { remembering } from "./prompt-cache.ts";
import { openWeights, type Weights } from "./safetensors.ts";
import type { SessionOptions } from "./session.ts";
import { openT5, type T5 } from "./t5.ts";
import { openTokenizer, type Tokenize } from "./tokenizer.ts";
import type { Transformer } from "./transformer.ts";
import { type TransformerUse, transformers } from "./transformers.ts";

export type { TransformerUse } from "./transformers.ts";

/** What the transformer is told: a prompt through both text encoders. */
export interface Conditioning {
  /** T5 tokens [1, S, context_in_dim]. */
  readonly txt: Float32Array;
  /** Pooled CLIP vector [1, vec_in_dim]. */
  readonly vec: Float32Array;
}

export interface ModelOptions extends Pick<SessionOptions, "threads" | "mapWeights" | "int8Arithmetic"> {
  /** Default: the manifest's for the processor. */
  readonly way?: Way;
  /** Bytes of the machine's memory that V of an edit's source may take. Default: no limit. */
  readonly hostBytes?: number;
}

/** Every part of a model, open. `run` of a part blocks the thread: a model lives in the engine's. */
export interface Model {
  readonly manifest: Manifest;
  /** How it runs on this device. */
  readonly way: Way;
  readonly hostBytes: number;
  /** A prompt through CLIP and T5. */
  condition(prompt: string): Promise<Conditioning>;
  /** `[1,3,h,w]` in −1…1 to the scaled latent [1, z, …]. @param grid its tokens; default: those of the square */
  encode(image: Float32Array, grid?: TokenGrid): Promise<Float32Array>;
  /** The reverse; values are not clamped. */
  decode(latent: Float32Array, grid?: TokenGrid): Promise<Float32Array>;
  /**
   * The region of `[1,3,r,r]` that each prompt talks about, on PASL's grid.
   * @throws InputError `mask_required` where the model has no PASL or no text projection
   */
  locate: Locate;
  /** The transformer for one use. */
  transformer(use: TransformerUse): Promise<Transformer>;
  /** Tokens down and across a square of the manifest's resolution. */
  readonly grid: number;
  /** Pixels of the model down and across a token. */
  readonly unit: number;
  release(): Promise<void>;
}

/** Tokens of a picture of the manifest's resolution. */
export function squareGrid({ grid }: Pick<Model, "grid">): TokenGrid {
  return { rows: grid, columns: grid };
}

/** How a manifest's model runs on the processor. */
export function cpuWay({ devices, defaults }: Manifest): Way {
  const { compute, value_path: path } = devices.cpu;
  return { device: "cpu", compute, int8: false, path, blocks: defaults.value_blocks };
}

/** @throws WeightsError where a file is missing, damaged, or is not what the manifest says */
export async function openModel(manifest: Manifest, options: ModelOptions = {}): Promise<Model> {
  const { flux, autoencoder, clip, t5, pasl, resolution } = manifest;
  const { way = cpuWay(manifest), hostBytes = Number.POSITIVE_INFINITY, ...tuning } = options;
  const session: SessionOptions = { ...tuning, provider: way.device, compute: way.compute };
  const optional = optionalFiles(manifest);
  const weights = (part: LaidOut, ...more: string[]): Weights =>
    openWeights(...partFiles(manifest, part), ...more);
  const packed = (part: "flux" | "t5") => (way.int8 ? [int8Files(manifest)[part]] : []);
  const fluxWeights = weights(flux, ...packed("flux"));
  const clipWeights = weights(clip, ...(optional.projection ? [optional.projection] : []));
  const [aeWeights, t5Weights] = [weights(autoencoder), weights(t5, ...packed("t5"))];
  const paslWeights = optional.pasl && openWeights(...optional.pasl);
  const [vae, clipTower, t5Tower, paslParts, clipTokens, t5Tokens] = await settled([
    openAutoencoder(aeWeights, autoencoder.config, session),
    openClip(clipWeights, clip.config, session),
    openT5(t5Weights, t5.config, { ...session, compute: textCompute(way.compute) }),
    pasl && paslWeights ? openPasl(paslWeights, pasl.config, session) : undefined,
    tokenizer(manifest, clip),
    tokenizer(manifest, t5),
  ]);
  const opened = transformers(fluxWeights, flux.config, session);
  const unit = 2 * vae.factor;
  const grid = resolution / unit;
  const located = (): Locate => {
    if (!pasl || !paslParts) return async () => Promise.reject(unlocatable("it comes without PASL"));
    if (!hasTextProjection(clipWeights))
      return async () => Promise.reject(unlocatable("its CLIP text tower has no text_projection"));
    const { size } = pasl.config;
    return locator({ pasl: paslParts, clip: clipTower, tokenize: clipTokens, resolution, size });
  };

  return {
    manifest,
    way,
    hostBytes,
    grid,
    unit,
    condition: remembering((prompt) => condition(prompt, clipTower, clipTokens, t5Tower, t5Tokens)),
    async encode(image, { rows, columns } = squareGrid({ grid })) {
      const { latent } = await vae.encode(image, { height: rows * unit, width: columns * unit });
      return latent;
    },
    decode: (latent, { rows, columns } = squareGrid({ grid })) =>
      vae.decode(latent, { height: 2 * rows, width: 2 * columns }),
    locate: located(),
    transformer: opened.open,
    async release() {
      const parts: (Autoencoder | Clip | T5)[] = [vae, clipTower, t5Tower];
      await Promise.all([opened, ...parts, ...(paslParts ? [paslParts] : [])].map((part) => part.release()));
    },
  };
}

/**
 * Promise.all that waits for every promise before it throws the first error: a thread that ends while the
 * runtime still opens a session takes the process with it.
 */
async function settled<T extends readonly unknown[]>(
  parts: { [K in keyof T]: Promise<T[K]> | T[K] },
): Promise<T> {
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
