/** How well an edit preserves what it was not asked to change: the paper's background metrics, PSNR and SSIM. */
import { luma } from "../image/luma.ts";
import type { Grey, Part, Size } from "../image/picture.ts";
import { placeIn } from "../image/turn.ts";

export interface Preservation {
  /** Over the three channels in dB; 100 stands for equal pictures. */
  readonly psnrOutsideDb: number;
  readonly ssimOutside: number;
}

/** PSNR that stands for infinity. */
const PSNR_MAX = 100;

/**
 * PSNR and SSIM of two pictures over the pixels outside a mask.
 *
 * @param a `width·height·3` bytes, interleaved RGB; `b` likewise
 * @param outside 1 for pixels that count, else 0; `width·height` bytes
 * @returns null if no pixel counts
 */
export function preservation(
  a: Uint8Array,
  b: Uint8Array,
  outside: Uint8Array,
  width: number,
): Preservation | null {
  if (!outside.includes(1)) return null;
  return { psnrOutsideDb: psnr(a, b, outside), ssimOutside: ssim(luma(a), luma(b), outside, width) };
}

/**
 * Which pixels of the model's picture the paste-back leaves alone: 1 if the mask is 0 on the whole pixel and the pixel
 * lies in the photo.
 */
export function outsideOf({ width, height, data }: Grey, part: Part, size: Size): Uint8Array {
  const outside = new Uint8Array(size.width * size.height);
  const from = placeIn(part, { x: 0, y: 0 });
  const [right, low] = [placeIn(part, { x: 1, y: 0 }), placeIn(part, { x: 0, y: 1 })];
  const across = { x: (right.x - from.x) / size.width, y: (right.y - from.y) / size.width };
  const down = { x: (low.x - from.x) / size.height, y: (low.y - from.y) / size.height };
  const samples = Math.max(1, Math.ceil(Math.hypot(across.x, across.y) - 1e-6));
  const untouched = (column: number, row: number) => {
    for (let i = 0; i <= samples; i++)
      for (let j = 0; j <= samples; j++) {
        const [u, v] = [column + within(j / samples), row + within(i / samples)];
        const x = Math.floor(from.x + u * across.x + v * down.x);
        const y = Math.floor(from.y + u * across.y + v * down.y);
        if (x < 0 || y < 0 || x >= width || y >= height || data[y * width + x] !== 0) return 0;
      }
    return 1;
  };
  for (let row = 0; row < size.height; row++)
    for (let column = 0; column < size.width; column++)
      outside[row * size.width + column] = untouched(column, row);
  return outside;
}

/** A position inside a pixel, not on its edge. */
const within = (share: number) => Math.min(1 - 1e-6, Math.max(1e-6, share));

function psnr(a: Uint8Array, b: Uint8Array, outside: Uint8Array): number {
  let squares = 0;
  let count = 0;
  for (let i = 0; i < outside.length; i++) {
    if (outside[i] === 0) continue;
    for (let at = 3 * i; at < 3 * i + 3; at++) squares += ((a[at] as number) - (b[at] as number)) ** 2;
    count += 3;
  }
  return squares === 0 ? PSNR_MAX : Math.min(PSNR_MAX, 10 * Math.log10((255 ** 2 * count) / squares));
}

/** Stabilisers (K₁L)² and (K₂L)² of Wang et al. 2004, with K₁ = 0.01, K₂ = 0.03, L = 255. */
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** The 11 taps of a Gaussian with σ = 1.5. */
const TAPS = Float64Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2)));

/**
 * Mean SSIM (Wang, Bovik, Sheikh, Simoncelli 2004, Eq. 13) over the pixels that count. Each 11×11 Gaussian window
 * includes only pixels that count, with its weights scaled to sum to 1, so nothing inside the mask has any effect.
 */
function ssim(a: Float64Array, b: Float64Array, outside: Uint8Array, width: number): number {
  const at = (values: Float64Array, i: number) => values[i] as number;
  const ones = new Float64Array(outside.length).fill(1);
  /** Windowed mean of the products of two pictures' pixels that count. */
  const moment = (x: Float64Array, y: Float64Array) => {
    const values = new Float64Array(outside.length);
    for (let i = 0; i < values.length; i++) if (outside[i] !== 0) values[i] = at(x, i) * at(y, i);
    return blur(values, width);
  };
  const weight = moment(ones, ones);
  const [meanA, meanB] = [moment(a, ones), moment(b, ones)];
  const [squareA, squareB, product] = [moment(a, a), moment(b, b), moment(a, b)];
  let sum = 0;
  let count = 0;
  for (let i = 0; i < outside.length; i++) {
    if (outside[i] === 0) continue;
    const w = at(weight, i);
    const [muA, muB] = [at(meanA, i) / w, at(meanB, i) / w];
    const varianceA = at(squareA, i) / w - muA ** 2;
    const varianceB = at(squareB, i) / w - muB ** 2;
    const covariance = at(product, i) / w - muA * muB;
    sum +=
      ((2 * muA * muB + C1) * (2 * covariance + C2)) /
      ((muA ** 2 + muB ** 2 + C1) * (varianceA + varianceB + C2));
    count += 1;
  }
  return sum / count;
}

/** Applies the Gaussian along rows, then columns; outside the picture is 0. */
function blur(values: Float64Array, width: number): Float64Array {
  const height = values.length / width;
  const rows = along(values, { lines: height, apart: width, length: width, stride: 1 });
  return along(rows, { lines: width, apart: 1, length: height, stride: width });
}

/** Lines of a picture: their number and stride, and the number and stride of the values in each. */
interface Lines {
  readonly lines: number;
  readonly apart: number;
  readonly length: number;
  readonly stride: number;
}

function along(values: Float64Array, { lines, apart, length, stride }: Lines): Float64Array {
  const result = new Float64Array(values.length);
  for (let line = 0; line < lines; line++)
    for (let place = 0; place < length; place++) {
      const at = line * apart + place * stride;
      const [first, end] = [Math.max(0, 5 - place), Math.min(11, length + 5 - place)];
      let sum = 0;
      for (let tap = first; tap < end; tap++)
        sum += (TAPS[tap] as number) * (values[at + (tap - 5) * stride] as number);
      result[at] = sum;
    }
  return result;
}
