/** Dice of many masks against the true regions of one portrait, hard masks on PASL's own grid. */
import { resizeMask } from "../../../src/image/mask-grid.ts";

/** The true regions of a portrait, packed: one number a cell, bit r where region r covers more than half of it. */
export interface TrueRegions {
  readonly cells: Uint32Array;
  /** Cells of each region. */
  readonly sizes: readonly number[];
}

/**
 * @param coverage `regions·side²` bytes, 0…255, region by region; at most 32 regions
 * @param grid cells down and across
 */
export function trueRegions(coverage: Uint8Array, side: number, grid: number): TrueRegions {
  const cells = new Uint32Array(grid * grid);
  const sizes: number[] = [];
  for (let region = 0; region * side * side < coverage.length; region++) {
    const bytes = coverage.subarray(region * side * side, (region + 1) * side * side);
    const mask = { width: side, height: side, data: Float32Array.from(bytes, (value) => value / 255) };
    let size = 0;
    resizeMask(mask, grid, grid).data.forEach((share, cell) => {
      if (share <= 0.5) return;
      size++;
      cells[cell] = (cells[cell] as number) | (1 << region);
    });
    sizes.push(size);
  }
  return { cells, sizes };
}

/**
 * Dice 2|A∩B|/(|A|+|B|) of one mask with every true region, both cut at one half.
 * @returns NaN for a region that the portrait does not show
 */
export function diceOfRegions(mask: Float32Array, { cells, sizes }: TrueRegions): number[] {
  const both = sizes.map(() => 0);
  let found = 0;
  mask.forEach((value, cell) => {
    if (value <= 0.5) return;
    found++;
    for (let bits = cells[cell] as number; bits !== 0; bits &= bits - 1) {
      const region = 31 - Math.clz32(bits & -bits);
      both[region] = (both[region] as number) + 1;
    }
  });
  return sizes.map((size, region) =>
    size === 0 ? Number.NaN : (2 * (both[region] as number)) / (size + found),
  );
}

/** Whether no region that the portrait shows matches better than the right one, and that one matches at all. */
export function isBestMatch(scores: readonly number[], right: number): boolean {
  const own = scores[right] ?? 0;
  return own > 0 && scores.every((score) => Number.isNaN(score) || score <= own);
}
