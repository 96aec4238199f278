import type { Mask, Size } from "./picture.ts";

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
  const { width, height, data } = mask;
  const radius = Math.round(fraction * Math.min(width, height));
  return radius === 0 ? mask : { width, height, data: growBy(data, mask, radius) };
}

/** Grows values of at least 0: each takes the largest one within `radius` cells (a square neighbourhood). */
export function growBy<Values extends Float32Array | Uint8Array>(
  data: Values,
  { width, height }: Size,
  radius: number,
): Values {
  return grownAcross(grownAcross(data, width, height, radius), height, width, radius);
}

/**
 * Grows each row, and returns the result with rows and columns exchanged. A neighbourhood is as long as a block, so it is
 * the end of one block and the start of the next, whatever its length (van Herk 1992).
 */
function grownAcross<Values extends Float32Array | Uint8Array>(
  data: Values,
  width: number,
  height: number,
  radius: number,
): Values {
  const grown = data.slice() as Values;
  const block = 2 * radius + 1;
  const length = width + 2 * radius;
  const line = new Float32Array(length);
  const fromStart = new Float32Array(length);
  const toEnd = new Float32Array(length);
  for (let y = 0; y < height; y++) {
    line.set(data.subarray(y * width, (y + 1) * width), radius);
    for (let start = 0; start < length; start += block) {
      const end = Math.min(start + block, length);
      let most = 0;
      for (let i = start; i < end; i++) {
        most = Math.max(most, line[i] as number);
        fromStart[i] = most;
      }
      most = 0;
      for (let i = end - 1; i >= start; i--) {
        most = Math.max(most, line[i] as number);
        toEnd[i] = most;
      }
    }
    for (let x = 0; x < width; x++)
      grown[x * height + y] = Math.max(toEnd[x] as number, fromStart[x + 2 * radius] as number);
  }
  return grown;
}
