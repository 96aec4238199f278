/** Dice of located masks, and of masks made without looking at the picture. */
import { REGIONS, type Region } from "../../../shared/regions.ts";
import { markdown } from "../kit/markdown.ts";
import type { Truth } from "./moves.ts";

/** Dice 2|A∩B|/(|A|+|B|) of a mask and a region, both cut at one half, within the photo; NaN if the region is absent. */
export function diceIn(
  mask: ArrayLike<number>,
  { regions, inside }: Truth,
  region: number,
  cut = 0.5,
): number {
  const truth = regions[region] as Float32Array;
  let [both, found, there] = [0, 0, 0];
  for (let cell = 0; cell < truth.length; cell++) {
    if ((inside[cell] as number) <= 0.5) continue;
    const [sees, is] = [(mask[cell] as number) > cut, (truth[cell] as number) > 0.5];
    if (sees) found++;
    if (is) there++;
    if (sees && is) both++;
  }
  return there === 0 ? Number.NaN : (2 * both) / (found + there);
}

const CUTS = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5];
const SIDE = 64;

/** The truth for a picture of any shape on a square grid, so that pictures can be averaged. */
interface Squared {
  readonly photo: number;
  readonly moved: boolean;
  readonly truth: Truth;
}

/**
 * Score of a mask made without looking at the picture: the mean of all other photos' masks, cut at its best threshold.
 * @param pictures truths on square grids of 64 cells, each with the photo it is of
 */
export function meanMaskDice(pictures: readonly Squared[], moved: boolean): number[] {
  const alike = pictures.filter((picture) => picture.moved === moved);
  const photos = [...new Set(alike.map(({ photo }) => photo))];
  return REGIONS.map((_, region) => {
    const sums = new Map<number, Float64Array>();
    for (const photo of photos)
      sums.set(
        photo,
        sumOf(
          alike.filter((p) => p.photo === photo),
          region,
        ),
      );
    const total = new Float64Array(SIDE * SIDE);
    for (const sum of sums.values())
      sum.forEach((value, cell) => {
        total[cell] = (total[cell] as number) + value;
      });
    const each = CUTS.map((cut) =>
      mean(
        alike.map(({ photo, truth }) => {
          const own = sums.get(photo) as Float64Array;
          const others = alike.length - alike.filter((p) => p.photo === photo).length;
          const mask = total.map((value, cell) => (value - (own[cell] as number)) / Math.max(others, 1));
          return diceIn(mask, truth, region, cut);
        }),
      ),
    );
    return Math.max(...each);
  });
}

function sumOf(pictures: readonly Squared[], region: number): Float64Array {
  const sum = new Float64Array(SIDE * SIDE);
  for (const { truth } of pictures)
    (truth.regions[region] as Float32Array).forEach((value, cell) => {
      sum[cell] = (sum[cell] as number) + value;
    });
  return sum;
}

export { SIDE as SQUARED };

/** Mean without NaN. */
export function mean(values: readonly number[]): number {
  const seen = values.filter((value) => !Number.isNaN(value));
  return seen.reduce((sum, value) => sum + value, 0) / seen.length;
}

/** Mean Dice of every region under one condition. */
export type Column = Readonly<Record<Region, number>>;

export function column(dice: (region: number) => number): Column {
  return Object.fromEntries(REGIONS.map((name, index) => [name, Number(dice(index).toFixed(3))])) as Column;
}

export function regionsTable(columns: Readonly<Record<string, Column>>): string {
  const names = Object.keys(columns);
  const cell = (value: number) => value.toFixed(3);
  const rows = REGIONS.map((region) => [
    region,
    ...names.map((name) => cell((columns[name] as Column)[region])),
  ]);
  const means = names.map((name) => cell(mean(Object.values(columns[name] as Column))));
  return markdown(["region", ...names], [...rows, ["mean of 18", ...means]]);
}
