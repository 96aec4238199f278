/** PASL with the text tower it reads prompts through: the regions of a picture that words talk about. */
import type { Clip } from "./clip.ts";
import { InputError } from "./errors.ts";
import type { Mask } from "./image/mask.ts";
import { resizeMask } from "./mask-grid.ts";
import type { Pasl } from "./pasl.ts";
import type { Tokenize } from "./tokenizer.ts";

export type Locate = (image: Float32Array, prompts: readonly string[]) => Promise<Mask[]>;

export interface LocatorParts {
  readonly pasl: Pasl;
  readonly clip: Clip;
  readonly tokenize: Tokenize;
  /** Sides of the square picture and of what PASL sees, in pixels. */
  readonly resolution: number;
  readonly size: number;
}

/** Each prompt's mask over a picture `[1,3,r,r]` in −1…1, on PASL's own grid. */
export function locator({ pasl, clip, tokenize, resolution, size }: LocatorParts): Locate {
  return async (image, prompts) => {
    const features = await pasl.imageFeatures(resized(image, resolution, size), size, size);
    const found: Mask[] = [];
    for (const prompt of prompts) {
      const { textEmbeds } = await clip.encode([tokenize(prompt)]);
      if (textEmbeds === undefined) throw unlocatable("its CLIP text tower has no text_projection");
      const { masks } = await pasl.locate(features, textEmbeds);
      found.push({ width: features.width, height: features.height, data: masks });
    }
    return found;
  };
}

/** What a model without a locator answers. */
export function unlocatable(reason: string): InputError {
  return new InputError("mask_required", `this model cannot locate a region (${reason}): send a mask`);
}

/** A planar picture [1, 3, r, r] averaged down to another side. */
function resized(image: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return image;
  const smaller = new Float32Array(3 * to * to);
  for (let channel = 0; channel < 3; channel++) {
    const data = image.subarray(channel * from * from, (channel + 1) * from * from);
    smaller.set(resizeMask({ data, height: from, width: from }, to, to).data, channel * to * to);
  }
  return smaller;
}
