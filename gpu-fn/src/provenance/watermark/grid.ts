/** Cells along the longer side of a marked picture: few grids, so that a mark is searched for on few. */
export const GRIDS = [32, 64, 128, 256, 512] as const;

/** Pixels along a side of a cell, at the least. After a resize to half there is still one. */
const CELL_PIXELS = 2;

/** The grid of a picture that is to be marked: how many cells lie along its longer side. */
export function gridOf({ width, height }: { readonly width: number; readonly height: number }): number {
  const most = Math.max(width, height) / CELL_PIXELS;
  return GRIDS.findLast((cells) => cells <= most) ?? GRIDS[0];
}

/** Two neighbours on a line of cells and how much of the second there is: bilinear interpolation. */
export interface Between {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

/** Between which cells' centres each pixel of a line lies; cells before the first and after the last are counted on. */
export function betweenCells(pixels: number, cell: number): Between[] {
  return Array.from({ length: pixels }, (_, pixel) => {
    const at = (pixel + 0.5) / cell - 0.5;
    const first = Math.floor(at);
    return { first, second: first + 1, share: at - first };
  });
}
