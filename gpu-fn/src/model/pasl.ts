/** PASL, ready to run: which pixels a text refers to (docs/algorithm.md section 6; Eq. 5 to 8). */
import { buildPaslImage, buildPaslMask, type PaslConfig } from "../graph/pasl.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import { openSession, type SessionOptions } from "./session.ts";

export interface ImageFeatures {
  /** [B, C, height, width]. */
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

export interface TextMasks {
  /** Projected text [N, C]. */
  readonly textFeatures: Float32Array;
  /** [N, height, width]. */
  readonly logits: Float32Array;
  /** M = σ(logits) in 0..1, [N, height, width]. */
  readonly masks: Float32Array;
}

export interface Pasl {
  /** Features of [B, 3, H, W] in −1..1, computed once per photo. */
  imageFeatures(image: Float32Array, height: number, width: number): Promise<ImageFeatures>;
  /** Masks for N text embeddings [N, text_dim], over the features of N images or of one. */
  locate(image: ImageFeatures, texts: Float32Array): Promise<TextMasks>;
  release(): Promise<void>;
}

/** Opens both halves. Throws WeightsError if weights and config disagree. */
export async function openPasl(
  weights: Weights,
  config: PaslConfig,
  options: SessionOptions = {},
): Promise<Pasl> {
  const encoder = await openSession(buildPaslImage(weights, config), options);
  const locator = await openSession(buildPaslMask(weights, config), options);
  const channels = config.channels.at(-1) ?? 1;
  return {
    async imageFeatures(image, height, width) {
      const batch = image.length / (3 * height * width);
      const { f_img: data = new Float32Array() } = await encoder.run({
        image: { data: image, shape: [batch, 3, height, width] },
      });
      const side = (length: number) =>
        config.strides.reduce((rest, stride) => Math.ceil(rest / stride), length);
      return { data, height: side(height), width: side(width) };
    },
    async locate(image, texts) {
      const pixels = image.height * image.width;
      const results = await locator.run({
        text: { data: texts, shape: [texts.length / config.text_dim, config.text_dim] },
        f_img: { data: image.data, shape: [image.data.length / channels / pixels, channels, pixels] },
      });
      const { f_text: textFeatures = new Float32Array(), logits = new Float32Array() } = results;
      return { textFeatures, logits, masks: results.mask ?? new Float32Array() };
    },
    release: async () => {
      await encoder.release();
      await locator.release();
    },
  };
}

/** Binary cross-entropy (Eq. 7), averaged over pixels, and from logits so that it stays finite. Truth in 0..1. */
export function binaryCrossEntropy(logits: Float32Array, truth: Float32Array): number {
  let sum = 0;
  logits.forEach((logit, pixel) => {
    sum += Math.max(logit, 0) - logit * (truth[pixel] ?? 0) + Math.log1p(Math.exp(-Math.abs(logit)));
  });
  return sum / logits.length;
}

/** Dice loss (Eq. 8), 1 − 2 Σ M·G / (Σ M + Σ G), without smoothing; 0 if both are empty. */
export function diceLoss(mask: Float32Array, truth: Float32Array): number {
  let both = 0;
  let total = 0;
  mask.forEach((value, pixel) => {
    both += value * (truth[pixel] ?? 0);
    total += value + (truth[pixel] ?? 0);
  });
  return total === 0 ? 0 : 1 - (2 * both) / total;
}
