import { TILE } from "./pattern.ts";

/** Possible numbers of cells along a marked picture's longer side: only a few, to keep the search short. */
export const GRIDS = [32, 64, 128, 256, 512] as const;

/** Fewest pixels along a side of a cell. After a resize to half, one is left. */
const CELL_PIXELS = 2;

/** The grid of a picture to be marked: the number of cells along its longer side. */
export function gridOf({ width, height }: { readonly width: number; readonly height: number }): number {
  const most = Math.max(width, height) / CELL_PIXELS;
  return GRIDS.findLast((cells) => cells <= most) ?? GRIDS[0];
}

/** For bilinear interpolation: the two cells between which each pixel of a line lies, and the second's weight. */
export interface Between {
  /** Indices of the picture's cells, clamped to the first and the last. */
  readonly first: Uint16Array;
  readonly second: Uint16Array;
  /** Indices on the tile, which repeats before the first cell and after the last. */
  readonly firstSign: Uint16Array;
  readonly secondSign: Uint16Array;
  readonly share: Float32Array;
}

/** @param cell pixels along a cell's side  @param count cells on the line */
export function betweenCells(pixels: number, cell: number, count: number): Between {
  const at = Float64Array.from({ length: pixels }, (_, pixel) => (pixel + 0.5) / cell - 0.5);
  const places = (offset: 0 | 1, place: (index: number) => number) =>
    Uint16Array.from(at, (value) => place(Math.floor(value) + offset));
  const own = (index: number) => Math.min(count - 1, Math.max(0, index));
  const onTile = (index: number) => (index + TILE) % TILE;
  return {
    first: places(0, own),
    second: places(1, own),
    firstSign: places(0, onTile),
    secondSign: places(1, onTile),
    share: Float32Array.from(at, (value) => value - Math.floor(value)),
  };
}
