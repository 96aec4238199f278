import type { Mask } from "./picture.ts";

/** 1 − M. */
export function invertMask(mask: Mask): Mask {
  return { ...mask, data: mask.data.map((value) => 1 - value) };
}

/** M ≥ threshold as 0 or 1: a hard mask. */
export function thresholdMask(mask: Mask, threshold: number): Mask {
  return { ...mask, data: mask.data.map((value) => (value >= threshold ? 1 : 0)) };
}

/** Grows a mask by a fraction of its shorter side, rounded to whole cells. */
export function growMask(mask: Mask, fraction: number): Mask {
  return growBy(mask, Math.round(fraction * Math.min(mask.width, mask.height)));
}

/** Grows a mask: each cell takes the largest value within `radius` cells (a square neighbourhood). */
export function growBy(mask: Mask, radius: number): Mask {
  const { width, height } = mask;
  if (radius === 0) return mask;
  const queue = new Int32Array(Math.max(width, height));
  const rows = new Float32Array(mask.data.length);
  for (let y = 0; y < height; y++) slidingMaximum(mask.data, rows, y * width, 1, width, radius, queue);
  const data = new Float32Array(rows.length);
  for (let x = 0; x < width; x++) slidingMaximum(rows, data, x, width, height, radius, queue);
  return { width, height, data };
}

/**
 * Sliding maximum along one line in linear time, with a queue of descending candidates.
 * @param queue scratch space for as many places as the line has
 */
function slidingMaximum(
  from: Float32Array,
  to: Float32Array,
  start: number,
  stride: number,
  length: number,
  radius: number,
  queue: Int32Array,
): void {
  let head = 0;
  let tail = 0;
  for (let i = 0; i < length + radius; i++) {
    if (i < length) {
      const value = from[start + i * stride] as number;
      while (tail > head && (from[start + (queue[tail - 1] as number) * stride] as number) <= value) tail--;
      queue[tail++] = i;
    }
    const centre = i - radius;
    if (centre < 0) continue;
    while ((queue[head] as number) < centre - radius) head++;
    to[start + centre * stride] = from[start + (queue[head] as number) * stride] as number;
  }
}
