import { TILE } from "./pattern.ts";
import type { Samples } from "./samples.ts";

/** Samples along a side of a cell. */
export const SAMPLES = 2;

/** Weights of a bilinear cell at four samples in a row; its centre is between the second and the third. */
const [OUTER, INNER] = [0.25, 0.75];

/**
 * The value of each cell: its samples weighted by the cell's own shape, with 0 outside the picture.
 * @param phase start of the first cell, in samples
 */
export function cellsOf({ width, height, data }: Samples, phase: readonly [number, number]): Samples {
  const columns = Math.ceil((width - phase[0]) / SAMPLES);
  const rows = Math.ceil((height - phase[1]) / SAMPLES);
  const cells = new Float32Array(columns * rows);
  // one zero sample before the first, and as many after the last as a cell may need
  const line = new Float32Array(width + 4);
  for (let y = 0; y < rows; y++) {
    line.fill(0);
    const first = SAMPLES * y + phase[1] - 1;
    for (const [from, weight] of [
      [first, OUTER],
      [first + 1, INNER],
      [first + 2, INNER],
      [first + 3, OUTER],
    ] as const) {
      if (from < 0 || from >= height) continue;
      for (let x = 0; x < width; x++) (line[x + 1] as number) += weight * (data[from * width + x] as number);
    }
    for (let x = 0; x < columns; x++) {
      const at = SAMPLES * x + phase[0];
      cells[y * columns + x] =
        OUTER * ((line[at] as number) + (line[at + 3] as number)) +
        INNER * ((line[at + 1] as number) + (line[at + 2] as number));
    }
  }
  return { width: columns, height: rows, data: cells };
}

/** A part of a picture, in cells. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Windows of a picture: the whole, and ever smaller parts that overlap by half. A mark in a small part is lost in the
 * noise of the whole, but found in a window around it.
 * @param parts numbers of parts into which the longer side is divided, one for each size
 */
export function windowsOf(
  { width, height }: Pick<Samples, "width" | "height">,
  parts: readonly number[],
): Window[] {
  return parts.flatMap((count) => {
    const side = Math.ceil(Math.max(width, height) / count);
    const starts = (length: number) =>
      Array.from({ length: Math.max(1, Math.ceil((2 * length) / side) - 1) }, (_, i) =>
        Math.round((i * side) / 2),
      );
    return starts(height).flatMap((top) =>
      starts(width).map((left) => ({
        left,
        top,
        right: Math.min(width, left + side),
        bottom: Math.min(height, top + side),
      })),
    );
  });
}

/**
 * Adds up a window's cells on one tile.
 * @param origin position in the picture of the first given cell
 */
export function fold(
  { width, data }: Samples,
  { left, top, right, bottom }: Window,
  origin: readonly [number, number] = [0, 0],
): Float64Array {
  const tile = new Float64Array(TILE * TILE);
  for (let y = top; y < bottom; y++) {
    const row = (y % TILE) * TILE;
    const from = (y - origin[1]) * width - origin[0];
    for (let x = left; x < right; x++) (tile[row + (x % TILE)] as number) += data[from + x] as number;
  }
  return tile;
}
