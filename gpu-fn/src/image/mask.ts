import sharp from "sharp";
import { InputError } from "../errors.ts";
import { decodePhoto } from "./decode.ts";
import type { Mask } from "./picture.ts";

/**
 * Reads a mask a user drew: white is edited; where the file has transparency, opaque is edited instead if the
 * colours say nothing (a brush layer: one colour, painted alpha).
 * @throws InputError `mask_invalid` where it cannot be read or its size is not the photo's
 */
export async function decodeMask(
  bytes: Uint8Array,
  width: number,
  height: number,
  extension = "",
): Promise<Mask> {
  const drawn = await decodePhoto(bytes, extension).catch((error: unknown) => {
    if (error instanceof InputError)
      throw new InputError("mask_invalid", `mask: ${error.message}`, { cause: error.cause });
    throw error;
  });
  if (drawn.width !== width || drawn.height !== height)
    throw new InputError(
      "mask_invalid",
      `mask: it is ${drawn.width}×${drawn.height}, the photo is ${width}×${height}; both must agree`,
    );
  const coverage = new Float32Array(width * height);
  let varied = false;
  for (let i = 0; i < coverage.length; i++) {
    const at = (c: number) => drawn.rgb[3 * i + c] as number;
    coverage[i] = (0.299 * at(0) + 0.587 * at(1) + 0.114 * at(2)) / 255;
    varied ||= Math.abs((coverage[i] as number) - (coverage[0] as number)) > 1 / 255;
  }
  drawn.alpha?.forEach((value, i) => {
    coverage[i] = (varied ? (coverage[i] as number) : 1) * (value / 255);
  });
  return { width, height, data: coverage };
}

/** 1 − M. */
export function invertMask(mask: Mask): Mask {
  return { ...mask, data: mask.data.map((value) => 1 - value) };
}

/** M ≥ threshold as 0 or 1: a hard mask. */
export function thresholdMask(mask: Mask, threshold: number): Mask {
  return { ...mask, data: mask.data.map((value) => (value >= threshold ? 1 : 0)) };
}

/**
 * Grows a mask: each cell takes the largest value within the radius (a square neighbourhood).
 * @param fraction radius as a fraction of the shorter side, rounded to whole cells
 */
export function growMask(mask: Mask, fraction: number): Mask {
  const { width, height } = mask;
  const radius = Math.round(fraction * Math.min(width, height));
  if (radius === 0) return mask;
  const rows = new Float32Array(mask.data.length);
  for (let y = 0; y < height; y++) slidingMaximum(mask.data, rows, y * width, 1, width, radius);
  const data = new Float32Array(rows.length);
  for (let x = 0; x < width; x++) slidingMaximum(rows, data, x, width, height, radius);
  return { width, height, data };
}

/** Running maximum along one line in linear time: a queue of candidates that only ever fall. */
function slidingMaximum(
  from: Float32Array,
  to: Float32Array,
  start: number,
  stride: number,
  length: number,
  radius: number,
): void {
  const queue: number[] = [];
  let head = 0;
  for (let i = 0; i < length + radius; i++) {
    if (i < length) {
      const value = from[start + i * stride] as number;
      while (queue.length > head && (from[start + (queue.at(-1) as number) * stride] as number) <= value)
        queue.pop();
      queue.push(i);
    }
    const centre = i - radius;
    if (centre < 0) continue;
    while ((queue[head] as number) < centre - radius) head++;
    to[start + centre * stride] = from[start + (queue[head] as number) * stride] as number;
  }
}

/**
 * Softens the edge of a mask by a Gaussian.
 * @param fraction its standard deviation as a fraction of the shorter side; below 0.3 pixels nothing happens
 */
export async function featherMask(
  grey: Uint8Array,
  width: number,
  height: number,
  fraction: number,
): Promise<Uint8Array> {
  const sigma = fraction * Math.min(width, height);
  if (sigma < 0.3) return grey;
  return sharp(grey, { raw: { width, height, channels: 1 }, limitInputPixels: false })
    .blur(sigma)
    .toColourspace("b-w")
    .raw()
    .toBuffer();
}
