/** PASL with its text tower: locates the regions of a picture that words refer to. */

import { InputError } from "../errors.ts";
import { resizeMask } from "../image/mask-grid.ts";
import type { Mask } from "../image/picture.ts";
import { laidOnto } from "../image/turn.ts";
import type { Tokenize } from "../manifest/tokenizer.ts";
import type { Clip } from "./clip.ts";
import type { ImageFeatures, Pasl } from "./pasl.ts";

export interface Located {
  /** PASL's features of the picture: the same for every prompt. */
  readonly features: ImageFeatures;
  /** Each prompt's mask over the picture, on cells a quarter as wide as PASL's. */
  readonly masks: readonly Mask[];
}

/**
 * Locates prompts in a square picture `[1,3,r,r]` in −1…1, or in its features from an earlier call.
 * @throws InputError `mask_required` if the model has no PASL or no text projection
 */
export type Locate = (picture: Float32Array | ImageFeatures, prompts: readonly string[]) => Promise<Located>;

export interface LocatorParts {
  readonly pasl: Pasl;
  readonly clip: Clip;
  readonly tokenize: Tokenize;
  /** Side of PASL's input, in pixels. */
  readonly size: number;
}

export function locator({ pasl, clip, tokenize, size }: LocatorParts): Locate {
  /** Vectors of the last call's prompts: a photo is looked at twice with the same ones. */
  let last = new Map<string, Float32Array>();
  const vectorOf = async (prompt: string) => {
    const { textEmbeds } = await clip.encode([tokenize(prompt)]);
    if (textEmbeds === undefined) throw unlocatable("its CLIP text tower has no text_projection");
    return textEmbeds;
  };
  return async (picture, prompts) => {
    const look = (image: Float32Array) => pasl.imageFeatures(resized(image, size), size, size);
    const features = picture instanceof Float32Array ? await look(picture) : picture;
    const masks: Mask[] = [];
    const vectors = new Map<string, Float32Array>();
    for (const prompt of prompts) vectors.set(prompt, last.get(prompt) ?? (await vectorOf(prompt)));
    last = vectors;
    for (const prompt of prompts) {
      const { logits } = await pasl.locate(features, vectors.get(prompt) as Float32Array);
      masks.push(maskOf(logits, features));
    }
    return { features, masks };
  };
}

/** Number of mask cells per PASL cell, down and across. */
const FINER = 4;

/**
 * M = σ(logits) on a finer grid. Between PASL's cells the logits are interpolated bilinearly: hardly any cell of a thin
 * region is above one half, and a mean of σ would lose it.
 */
function maskOf(logits: Float32Array, { width, height }: ImageFeatures): Mask {
  const whole = { left: 0, top: 0, width, height };
  const size = { width: FINER * width, height: FINER * height };
  const finer = laidOnto({ data: logits, ...whole, channels: 1 }, whole, whole, size, { beyond: "edge" });
  for (let i = 0; i < finer.length; i++) finer[i] = 1 / (1 + Math.exp(-(finer[i] as number)));
  return { ...size, data: finer };
}

/** The locator of a model that cannot locate, which always rejects. */
export function noLocator(reason: string): Locate {
  return () => Promise.reject(unlocatable(reason));
}

function unlocatable(reason: string): InputError {
  return new InputError("mask_required", `this model cannot locate a region (${reason}): send a mask`);
}

/** A planar picture [1, 3, r, r] averaged down to another side. */
function resized(image: Float32Array, to: number): Float32Array {
  const from = Math.sqrt(image.length / 3);
  if (from === to) return image;
  const smaller = new Float32Array(3 * to * to);
  for (let channel = 0; channel < 3; channel++) {
    const data = image.subarray(channel * from * from, (channel + 1) * from * from);
    smaller.set(resizeMask({ data, height: from, width: from }, to, to).data, channel * to * to);
  }
  return smaller;
}
