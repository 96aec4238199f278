/** Resampling of 8-bit pictures, byte for byte as Pillow's `Image.resize` does it: the reference of every preprocessing. */

interface Filter {
  readonly support: number;
  weight(x: number): number;
}

const FILTERS = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: (x) => cubic(Math.abs(x), -0.5) },
} satisfies Record<string, Filter>;

export type FilterName = keyof typeof FILTERS;

/** Keys' cubic convolution; Pillow has a = −0.5. */
function cubic(x: number, a: number): number {
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** Fractional bits of a weight: Pillow leaves 8 bits for the value and 2 for sums beyond it. */
const ONE = 2 ** 22;

interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** Weights of every output pixel along one axis; the filter widens with the scale when a picture shrinks. */
function tapsOf(from: number, to: number, { support, weight }: Filter): Taps[] {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support * stretch + 0.5));
    const end = Math.min(from, Math.trunc(centre + support * stretch + 0.5));
    const raw = Array.from({ length: end - first }, (_, j) => weight((first + j - centre + 0.5) / stretch));
    const sum = raw.reduce((total, value) => total + value, 0);
    const weights = raw.map((value) => Math.trunc((value / sum) * ONE + (value < 0 ? -0.5 : 0.5)));
    return { first, weights };
  });
}

/** One pass: `lines` lines of `taps.length` pixels. Strides are in bytes; a pixel has three. */
function pass(
  from: Uint8Array,
  to: Uint8Array,
  taps: readonly Taps[],
  lines: number,
  stride: { readonly line: [from: number, to: number]; readonly pixel: number },
): void {
  for (let line = 0; line < lines; line++)
    taps.forEach(({ first, weights }, i) => {
      for (let c = 0; c < 3; c++) {
        const start = line * stride.line[0] + first * stride.pixel + c;
        let sum = ONE / 2;
        for (let j = 0; j < weights.length; j++)
          sum += (from[start + j * stride.pixel] as number) * (weights[j] as number);
        const value = Math.floor(sum / ONE);
        to[line * stride.line[1] + i * stride.pixel + c] = Math.min(255, Math.max(0, value));
      }
    });
}

/**
 * A square picture at another size, first across, then down, with rounding to bytes in between.
 * @param rgb `side²·3` interleaved bytes
 * @returns `to²·3` bytes
 */
export function resample(rgb: Uint8Array, side: number, to: number, filter: FilterName): Uint8Array {
  if (side === to) return rgb;
  const taps = tapsOf(side, to, FILTERS[filter]);
  const across = new Uint8Array(side * to * 3);
  pass(rgb, across, taps, side, { line: [3 * side, 3 * to], pixel: 3 });
  const down = new Uint8Array(to * to * 3);
  pass(across, down, taps, to, { line: [3, 3], pixel: 3 * to });
  return down;
}
