/**
 * Peak signal-to-noise ratio in dB over the pixels where the region's coverage is at least one half.
 * @param a interleaved RGB bytes; `b` likewise, of the same length
 * @param region coverage 0…255, one byte a pixel
 * @returns +Infinity for equal pixels; NaN if the region is empty
 */
export function psnrInside(a: Uint8Array, b: Uint8Array, region: Uint8Array): number {
  let squares = 0;
  let count = 0;
  for (let i = 0; i < region.length; i++) {
    if ((region[i] as number) < 128) continue;
    for (let c = 0; c < 3; c++) squares += ((a[3 * i + c] as number) - (b[3 * i + c] as number)) ** 2;
    count += 3;
  }
  return 10 * Math.log10(255 ** 2 / (squares / count));
}

/** Root mean square of the difference inside the region, of values 0…1: the same as `psnrInside`, without the logarithm. */
export function rootMeanSquareInside(a: Uint8Array, b: Uint8Array, region: Uint8Array): number {
  return 10 ** (-psnrInside(a, b, region) / 20);
}

/** Pixels that differ in any channel where the mask is 0. */
export function differingOutside(a: Uint8Array, b: Uint8Array, mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++)
    if (mask[i] === 0 && [0, 1, 2].some((c) => a[3 * i + c] !== b[3 * i + c])) count++;
  return count;
}

/** Intersection over union of two masks of 0…255, each cut at one half; 1 where both are empty. */
export function intersectionOverUnion(a: Uint8Array, b: Uint8Array): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.length; i++) {
    const [inA, inB] = [(a[i] as number) >= 128, (b[i] as number) >= 128];
    if (inA && inB) both++;
    if (inA || inB) either++;
  }
  return either === 0 ? 1 : both / either;
}

/** Dice coefficient 2Σab/(Σa+Σb) of two soft masks of one size, 0…1. */
export function dice(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let both = 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    both += (a[i] as number) * (b[i] as number);
    sum += (a[i] as number) + (b[i] as number);
  }
  return sum === 0 ? 1 : (2 * both) / sum;
}

/** Mean of the finite values; NaN of none. A perfect PSNR is no number to average. */
export function mean(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
