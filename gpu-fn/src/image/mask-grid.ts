/** Masks on other grids: PASL's output or a drawn mask to the grid of image tokens (algorithm.md section 5). */

import type { TokenGrid } from "../tensor/packing.ts";
import type { Mask, Rectangle } from "./picture.ts";

/** One source cell's part in a new cell. */
export interface Part {
  readonly index: number;
  readonly weight: number;
}

/** What a new cell is made of, of `from` cells brought to `to`; its weights sum to 1. */
export type AxisParts = (cell: number, from: number, to: number) => Part[];

/**
 * Resizes rows and columns independently; weights of a cell sum to 1, so 0..1 stays in 0..1.
 * @param parts default: the mean of every cell that the new one touches (torch `area`), which keeps soft coverage
 */
export function resizeMask(mask: Mask, height: number, width: number, parts: AxisParts = areaParts): Mask {
  const along = (from: number, to: number) => Array.from({ length: to }, (_, cell) => parts(cell, from, to));
  return summed(mask, along(mask.height, height), along(mask.width, width));
}

/** Cells of equal length side by side on a line: where they begin, how long all of them are, and how many. */
interface Cells {
  readonly start: number;
  readonly length: number;
  readonly count: number;
}

/** A cell of the new grid, or one of the mask if that is smaller, is looked at in so many places on each axis. */
const SAMPLES = 4;

/**
 * A mask over one rectangle of a photo on a grid over another: the mean over each new cell of the mask, bilinear
 * between the centres of its cells, level from the outermost centres to its border, and 0 beyond.
 * @param over where the mask lies; `onto` likewise for the new grid, both in pixels of the photo
 */
export function remapMask(mask: Mask, over: Rectangle, onto: Rectangle, { rows, columns }: TokenGrid): Mask {
  const down = remapParts(
    { start: over.top, length: over.height, count: mask.height },
    { start: onto.top, length: onto.height, count: rows },
  );
  const across = remapParts(
    { start: over.left, length: over.width, count: mask.width },
    { start: onto.left, length: onto.width, count: columns },
  );
  return summed(mask, down, across);
}

function remapParts(over: Cells, onto: Cells): Part[][] {
  const cell = over.length / over.count;
  const step = onto.length / onto.count;
  const samples = SAMPLES * Math.max(1, Math.ceil(step / cell));
  return Array.from({ length: onto.count }, (_, index) => {
    const weights = new Map<number, number>();
    for (let sample = 0; sample < samples; sample++) {
      const place = (onto.start + (index + (sample + 0.5) / samples) * step - over.start) / cell;
      if (place < 0 || place > over.count) continue;
      const centre = Math.min(over.count - 1, Math.max(0, place - 0.5));
      const low = Math.floor(centre);
      const high = Math.min(low + 1, over.count - 1);
      weights.set(low, (weights.get(low) ?? 0) + (1 - (centre - low)) / samples);
      weights.set(high, (weights.get(high) ?? 0) + (centre - low) / samples);
    }
    return [...weights].map(([index, weight]) => ({ index, weight }));
  });
}

/** Each new cell as the weighted sum of cells of the mask, its rows and columns apart. */
function summed(mask: Mask, rows: readonly Part[][], columns: readonly Part[][]): Mask {
  const [height, width] = [rows.length, columns.length];
  const data = new Float32Array(height * width);
  rows.forEach((rowParts, row) => {
    columns.forEach((columnParts, column) => {
      let sum = 0;
      for (const y of rowParts) {
        for (const x of columnParts)
          sum += y.weight * x.weight * (mask.data[y.index * mask.width + x.index] ?? 0);
      }
      data[row * width + column] = sum;
    });
  });
  return { data, height, width };
}

function areaParts(cell: number, from: number, to: number): Part[] {
  const start = Math.floor((cell * from) / to);
  const end = Math.ceil(((cell + 1) * from) / to);
  return Array.from({ length: end - start }, (_, part) => ({
    index: start + part,
    weight: 1 / (end - start),
  }));
}
