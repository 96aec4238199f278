import type { Rectangle } from "../../image/picture.ts";
import { SAMPLES, type Window, windowsOf } from "./cells.ts";
import { gridOf } from "./grid.ts";

/** Cells of a picture to be marked, and how much of each the mask allows to be marked. */
export interface Carrier {
  /** Cells along the longer side. */
  readonly grid: number;
  readonly columns: number;
  readonly rows: number;
  /** Mean of the mask in each cell, 0…1, row-major. */
  readonly cover: Float32Array;
  /** Sum of the cover, in whole cells. */
  readonly total: number;
  /** The rectangle in which the mask is above 0, in pixels; null if the mask is empty. */
  readonly bounds: Rectangle | null;
}

/** Numbers of parts into which a search of whole pictures divides the longer side. */
export const WHOLE_PARTS = [1, 2, 4, 8];

/** @param mask `width·height` bytes; null means the whole picture */
export function carrierOf(
  { width, height }: { readonly width: number; readonly height: number },
  mask: Uint8Array | null,
): Carrier {
  const grid = gridOf({ width, height });
  const scale = grid / Math.max(width, height);
  const along = (side: number) => Math.ceil(Math.round(SAMPLES * side * scale) / SAMPLES);
  const [columns, rows] = [along(width), along(height)];
  const cover = new Float32Array(columns * rows);
  if (mask === null) {
    const bounds = { left: 0, top: 0, width, height };
    return { grid, columns, rows, cover: cover.fill(1), total: cover.length, bounds };
  }
  // one pixel's share of a cell, at full cover
  const part = scale ** 2 / 255;
  const columnOf = Uint16Array.from({ length: width }, (_, x) => Math.min(columns - 1, (x + 0.5) * scale));
  const nothing = new Uint8Array(width);
  let total = 0;
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    if (Buffer.compare(mask.subarray(y * width, (y + 1) * width), nothing) === 0) continue;
    [top, bottom] = [Math.min(top, y), y];
    const row = Math.min(rows - 1, Math.floor((y + 0.5) * scale)) * columns;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const m = mask[at] as number;
      if (m === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      (cover[row + (columnOf[x] as number)] as number) += m * part;
      total += m * part;
    }
  }
  const bounds = bottom < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
  return { grid, columns, rows, cover, total, bounds };
}

/** Clarity at which one window is likely to be enough: it shows even a mark of a fifth of the noise. */
const CLEAR = 48;

interface Rated {
  readonly window: Window;
  /** Number of cells in the window. */
  readonly area: number;
  /** Signal over noise: the cells that the mask covers, over the root of the number of cells in the window. */
  readonly clarity: number;
}

function rated({ columns, rows, cover }: Carrier): Rated[] {
  const sums = summedArea(columns, rows, cover);
  const at = (x: number, y: number) => sums[y * (columns + 1) + x] as number;
  return windowsOf({ width: columns, height: rows }, WHOLE_PARTS).map((window) => {
    const { left, top, right, bottom } = window;
    const covered = at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
    const area = (right - left) * (bottom - top);
    return { window, area, clarity: covered / Math.sqrt(area) };
  });
}

/** The windows of a search that show the mark most clearly, the best first. */
export function bestWindows(carrier: Carrier, count: number): Window[] {
  const best = rated(carrier).sort((a, b) => b.clarity - a.clarity);
  return best.slice(0, count).map(({ window }) => window);
}

/** The smallest window that shows the mark clearly and is quick to search; null if there is none. */
export function clearWindow(carrier: Carrier): Window | null {
  const clear = rated(carrier).filter(
    ({ clarity, area }) => clarity >= CLEAR && 4 * area <= carrier.cover.length,
  );
  return clear.sort((a, b) => a.area - b.area || b.clarity - a.clarity)[0]?.window ?? null;
}

/** Summed-area table: at each cell corner, the sum of everything above and to the left. */
function summedArea(columns: number, rows: number, values: Float32Array): Float64Array {
  const sums = new Float64Array((columns + 1) * (rows + 1));
  for (let y = 0; y < rows; y++)
    for (let x = 0, row = 0; x < columns; x++) {
      row += values[y * columns + x] as number;
      sums[(y + 1) * (columns + 1) + x + 1] = row + (sums[y * (columns + 1) + x + 1] as number);
    }
  return sums;
}

/** The bounding rectangle of some windows, in cells. */
export function around(windows: readonly Window[]): Window {
  return {
    left: Math.min(...windows.map(({ left }) => left)),
    top: Math.min(...windows.map(({ top }) => top)),
    right: Math.max(...windows.map(({ right }) => right)),
    bottom: Math.max(...windows.map(({ bottom }) => bottom)),
  };
}
