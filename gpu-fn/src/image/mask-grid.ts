/** Brings masks to other grids: PASL's output or a drawn mask to the grid of image tokens (docs/algorithm.md section 5). */

import type { TokenGrid } from "../tensor/packing.ts";
import type { Mask, Part } from "./picture.ts";
import { laidOnto, toShares } from "./turn.ts";

/** One source cell's weight in a new cell. */
export interface Share {
  readonly index: number;
  readonly weight: number;
}

/** The source cells of a new cell, if `from` cells are resized to `to`; their weights sum to 1. */
export type AxisParts = (cell: number, from: number, to: number) => Share[];

/**
 * Resizes rows and columns independently. The weights of a cell sum to 1, so values in 0..1 stay in 0..1.
 * @param parts default: the mean of all cells that the new one touches (torch `area`), which keeps soft coverage
 */
export function resizeMask(mask: Mask, height: number, width: number, parts: AxisParts = areaParts): Mask {
  const along = (from: number, to: number) => Array.from({ length: to }, (_, cell) => parts(cell, from, to));
  return summed(mask, along(mask.height, height), along(mask.width, width));
}

/** A cell of the new grid is sampled in at least this many places on each axis. */
const SAMPLES = 4;

/**
 * Resamples a mask of one part of a photo on a grid over another part. Each new cell is a mean of the mask, which is
 * bilinear between the centres of its cells, constant from the outermost centres to its border, and 0 beyond.
 * @param over the mask's part
 * @param onto the new grid's part
 */
export function remapMask(mask: Mask, over: Part, onto: Part, { rows, columns }: TokenGrid): Mask {
  const size = { width: columns, height: rows };
  const plane = { ...mask, channels: 1 } as const;
  return { ...size, data: laidOnto(plane, over, onto, size, { beyond: "nothing", least: SAMPLES }) };
}

/**
 * A mask of the photo's own pixels on a grid over a part: each cell has the largest value of the pixels whose centre
 * lies in it. What is drawn is drawn on purpose, so a cell is edited as strongly as the strongest pixel in it.
 */
export function touchedCells(mask: Mask, part: Part, { rows, columns }: TokenGrid): Mask {
  const data = new Float32Array(rows * columns);
  const { xx, xy, x0, yx, yy, y0 } = toShares(part);
  for (let y = 0; y < mask.height; y++)
    for (let x = 0; x < mask.width; x++) {
      const value = mask.data[y * mask.width + x] as number;
      if (value === 0) continue;
      const u = xx * (x + 0.5) + xy * (y + 0.5) + x0;
      const v = yx * (x + 0.5) + yy * (y + 0.5) + y0;
      if (u < 0 || v < 0 || u >= 1 || v >= 1) continue;
      const cell = Math.floor(v * rows) * columns + Math.floor(u * columns);
      if (value > (data[cell] as number)) data[cell] = value;
    }
  return { width: columns, height: rows, data };
}

/** Computes each new cell as a weighted sum of mask cells, separately by rows and columns. */
function summed(mask: Mask, rows: readonly Share[][], columns: readonly Share[][]): Mask {
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

function areaParts(cell: number, from: number, to: number): Share[] {
  const start = Math.floor((cell * from) / to);
  const end = Math.ceil(((cell + 1) * from) / to);
  return Array.from({ length: end - start }, (_, part) => ({
    index: start + part,
    weight: 1 / (end - start),
  }));
}
