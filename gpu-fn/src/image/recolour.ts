/** What an edit that changes colours does to a colour, for pixels that the model did not see. */
import { luma, lumaAt } from "./luma.ts";

export interface Recolour {
  /**
   * Change of a pixel's channels, in levels of 255, as far as the pixel looks like what was recoloured.
   * @param rgb interleaved bytes
   * @param change is written: red, green, blue
   */
  changeOf(rgb: Uint8Array, pixel: number, change: Float64Array): void;
}

/** Least share of the detail that stays, and of the change that the fit explains; else another shape was drawn. */
const RECOLOURED = 0.5;

/** Deviations from the region's mean colour up to which a pixel belongs to it, and from which it does not. */
const [ALIKE, OTHER] = [2.5, 4];

/** Least deviation of luma and of a chroma channel, in levels of 255: flat regions have some shading, too. */
const [LEAST_LUMA, LEAST_CHROMA] = [32, 10];

/**
 * Fits each channel's change as a line over luma by least squares. A pixel counts the more, the more it changed: a region
 * holds some wall beside the hair, which the edit left alone.
 * @param before `h·w·3` bytes, RGB; `after` the same
 * @param kept from `keptDetail`
 * @param shares of each pixel in the region
 * @returns null if more than colours changed
 */
export function recolourOf(
  before: Uint8Array,
  after: Uint8Array,
  kept: Uint8Array,
  shares: Float64Array,
): Recolour | null {
  const light = luma(before);
  const moved = (pixel: number, channel: number) =>
    (after[3 * pixel + channel] as number) - (before[3 * pixel + channel] as number);
  const weights = shares.map(
    (share, pixel) => share && share * Math.hypot(moved(pixel, 0), moved(pixel, 1), moved(pixel, 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const mean = (of: (pixel: number) => number) =>
    weights.reduce((total, weight, pixel) => (weight === 0 ? total : total + weight * of(pixel)), 0) / sum;
  if (!(mean((pixel) => (kept[pixel] as number) / 255) >= RECOLOURED)) return null;
  const axes = AXES.map(({ of, least }) => {
    const middle = mean((pixel) => of(before, pixel));
    const variance = mean((pixel) => (of(before, pixel) - middle) ** 2);
    return { of, middle, variance: variance + least ** 2 };
  });
  const middle = mean((pixel) => light[pixel] as number);
  const variance = mean((pixel) => ((light[pixel] as number) - middle) ** 2) + 1;
  let [missed, all] = [0, 0];
  const lines = [0, 1, 2].map((channel) => {
    const change = (pixel: number) => moved(pixel, channel);
    const slope = mean((pixel) => change(pixel) * ((light[pixel] as number) - middle)) / variance;
    const offset = mean(change) - slope * middle;
    missed += mean((pixel) => (change(pixel) - offset - slope * (light[pixel] as number)) ** 2);
    all += mean((pixel) => change(pixel) ** 2);
    return { slope, offset };
  });
  if (!(missed <= (1 - RECOLOURED) * all)) return null;
  return {
    changeOf(rgb, pixel, change) {
      let apart = 0;
      for (const { of, middle, variance } of axes) apart += (of(rgb, pixel) - middle) ** 2 / variance;
      const alike = Math.min(1, Math.max(0, (OTHER - Math.sqrt(apart)) / (OTHER - ALIKE)));
      const value = lumaAt(rgb, pixel);
      for (let channel = 0; channel < 3; channel++) {
        const { slope, offset } = lines[channel] as Line;
        change[channel] = alike * (offset + slope * value);
      }
    },
  };
}

interface Line {
  readonly slope: number;
  readonly offset: number;
}

/** Luma, and how far red and blue are from it. */
const AXES: readonly { readonly of: (rgb: Uint8Array, pixel: number) => number; readonly least: number }[] = [
  { of: lumaAt, least: LEAST_LUMA },
  { of: (rgb, pixel) => (rgb[3 * pixel] as number) - lumaAt(rgb, pixel), least: LEAST_CHROMA },
  { of: (rgb, pixel) => (rgb[3 * pixel + 2] as number) - lumaAt(rgb, pixel), least: LEAST_CHROMA },
];
