/** The open parts of a model around the transformer: text encoders, autoencoder and PASL. */
import { join } from "node:path";
import type { ExecutionPlan } from "../device/execution-plan.ts";
import { textCompute } from "../device/sizes.ts";
import { hasTextProjection } from "../graph/clip.ts";
import { clipFiles, int8Files, type LaidOut, partFiles } from "../manifest/files.ts";
import type { Manifest, TextEncoderPart } from "../manifest/manifest.ts";
import { paslPart } from "../manifest/pasl-part.ts";
import { openTokenizer, type Tokenize } from "../manifest/tokenizer.ts";
import type { Conditioning } from "../method/condition.ts";
import { openWeights, type Weights } from "../safetensors/safetensors.ts";
import type { TokenGrid } from "../tensor/packing.ts";
import { openAutoencoder } from "./autoencoder.ts";
import { type Clip, openClip } from "./clip.ts";
import { type Locate, locator, noLocator } from "./locator.ts";
import { openPasl } from "./pasl.ts";
import { remembering } from "./prompt-cache.ts";
import type { SessionOptions } from "./session.ts";
import { openT5, type T5 } from "./t5.ts";
import { Turns } from "./turns.ts";

/** How a model's sessions run on this machine, whichever thread opens them. */
export type Tuning = Pick<SessionOptions, "threads" | "int8Arithmetic">;

export interface Parts {
  locate: Locate;
  /** Encodes a prompt with CLIP and T5. */
  condition(prompt: string): Promise<Conditioning>;
  /** Encodes `[1,3,h,w]` in −1…1 to the scaled latent [1, z, …]. @param grid the picture's tokens */
  encode(image: Float32Array, grid: TokenGrid): Promise<Float32Array>;
  /** The inverse; values are not clamped. */
  decode(latent: Float32Array, grid: TokenGrid): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Side of a token, in the model's pixels. */
export function unitOf({ autoencoder }: Pick<Manifest, "autoencoder">): number {
  return 2 ** autoencoder.config.ch_mult.length;
}

/** @throws WeightsError if a file is missing, damaged or does not match the manifest */
export async function openParts(
  manifest: Manifest,
  execution: ExecutionPlan,
  tuning: Tuning = {},
): Promise<Parts> {
  const { autoencoder, clip, t5 } = manifest;
  const session: SessionOptions = { ...tuning, provider: execution.device, compute: execution.compute };
  const large = execution.parts === "in turns" ? { ...session, turns: new Turns() } : session;
  const weights = (part: LaidOut, ...more: string[]): Weights =>
    openWeights(...partFiles(manifest, part), ...more);
  const clipWeights = openWeights(...clipFiles(manifest));
  const t5Weights = weights(t5, ...(execution.int8 ? [int8Files(manifest).t5] : []));
  const aeWeights = weights(autoencoder);
  const part = paslPart(manifest);
  const text = part?.text;
  const [vae, clipTower, t5Tower, pasl, reader, clipTokens, t5Tokens, readerTokens] = await settled([
    openAutoencoder(aeWeights, autoencoder.config, large),
    openClip(clipWeights, clip.config, session),
    openT5(t5Weights, t5.config, { ...large, compute: textCompute(execution.compute) }),
    part && openPasl(openWeights(...partFiles(part, part)), part.config, session),
    part && text && openClip(openWeights(...partFiles(part, text)), text.config, session),
    tokenizer(manifest.folder, clip),
    tokenizer(manifest.folder, t5),
    part && text && tokenizer(part.folder, text),
  ]);
  const unit = unitOf(manifest);
  const located = (): Locate => {
    if (!part || !pasl) return noLocator("it comes without PASL");
    const { size } = part.config;
    if (reader && readerTokens) return locator({ pasl, clip: reader, tokenize: readerTokens, size });
    if (!hasTextProjection(clipWeights)) return noLocator("its CLIP text tower has no text_projection");
    return locator({ pasl, clip: clipTower, tokenize: clipTokens, size });
  };

  return {
    condition: remembering((prompt) => condition(prompt, clipTower, clipTokens, t5Tower, t5Tokens)),
    async encode(image, { rows, columns }) {
      const { latent } = await vae.encode(image, { height: rows * unit, width: columns * unit });
      return latent;
    },
    decode: (latent, { rows, columns }) => vae.decode(latent, { height: 2 * rows, width: 2 * columns }),
    locate: located(),
    async release() {
      await Promise.all([vae, clipTower, t5Tower, pasl, reader].map((opened) => opened?.release()));
    },
  };
}

/**
 * Like Promise.all, but waits for every promise before it throws the first error: if a thread ends while the
 * runtime is still opening a session, the whole process ends.
 */
export async function settled<T extends readonly unknown[]>(
  parts: { [K in keyof T]: Promise<T[K]> | T[K] },
): Promise<T> {
  await Promise.allSettled(parts);
  return (await Promise.all(parts)) as unknown as T;
}

function tokenizer(folder: string, part: TextEncoderPart | Manifest["t5"]): Promise<Tokenize> {
  const { length, config } = part;
  return openTokenizer(join(folder, part.tokenizer), {
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
