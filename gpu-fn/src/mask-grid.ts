/** Masks on other grids: PASL's output or a drawn mask to the grid of image tokens (algorithm.md section 5). */

/** A single-channel picture in row-major order. */
export interface Grid {
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

/**
 * `area`: the mean of every cell that the new one touches (torch `area`), which keeps soft coverage; `bilinear`: between the four nearest
 * centres; `nearest_exact`: the cell under the new centre.
 */
export type ResizeMode = "area" | "bilinear" | "nearest_exact";

/** One source cell's part in a new cell. */
interface Part {
  readonly index: number;
  readonly weight: number;
}

/** Resizes rows and columns independently; weights of a cell sum to 1, so 0..1 stays in 0..1. */
export function resizeMask(mask: Grid, height: number, width: number, mode: ResizeMode = "area"): Grid {
  const rows = axisParts(mask.height, height, mode);
  const columns = axisParts(mask.width, width, mode);
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

function axisParts(from: number, to: number, mode: ResizeMode): Part[][] {
  const parts = { area: areaParts, bilinear: bilinearParts, nearest_exact: nearestParts }[mode];
  return Array.from({ length: to }, (_, cell) => parts(cell, from, to));
}

function areaParts(cell: number, from: number, to: number): Part[] {
  const start = Math.floor((cell * from) / to);
  const end = Math.ceil(((cell + 1) * from) / to);
  return Array.from({ length: end - start }, (_, part) => ({
    index: start + part,
    weight: 1 / (end - start),
  }));
}

function bilinearParts(cell: number, from: number, to: number): Part[] {
  const centre = Math.max(((cell + 0.5) * from) / to - 0.5, 0);
  const index = Math.min(Math.floor(centre), from - 1);
  const weight = centre - index;
  return [
    { index, weight: 1 - weight },
    { index: Math.min(index + 1, from - 1), weight },
  ];
}

function nearestParts(cell: number, from: number, to: number): Part[] {
  return [{ index: Math.min(Math.floor(((cell + 0.5) * from) / to), from - 1), weight: 1 }];
}
