import type { Photo, Rectangle } from "../../image/picture.ts";
import type { Window } from "./cells.ts";

/**
 * Root mean square of the mark in levels of 255: in even areas, per level of the picture's local deviation (the eye sees
 * less in busy areas), and the maximum.
 */
const STRENGTH = { least: 1.2, growth: 0.25, most: 5 };

/** A value for each cell of a picture, row-major. */
export interface CellMap {
  readonly columns: number;
  readonly rows: number;
  readonly data: Float32Array;
}

/**
 * How strong the mark may be in each cell of a part, in levels of 255; elsewhere 0.
 * @param cell pixels along a cell's side
 */
export function strengthsOf(photo: Photo, cell: number, part: Rectangle): CellMap {
  const columns = Math.ceil(photo.width / cell);
  const rows = Math.ceil(photo.height / cell);
  const { count, sum, squares } = moments(photo, cell, part, { columns, rows });
  const data = new Float32Array(columns * rows);
  const cells = cellsAround(part, cell, 1, { columns, rows });
  for (let y = cells.top; y < cells.bottom; y++)
    for (let x = cells.left; x < cells.right; x++) {
      let [n, s, q] = [0, 0, 0];
      for (let j = Math.max(0, y - 1); j <= Math.min(rows - 1, y + 1); j++)
        for (let i = Math.max(0, x - 1); i <= Math.min(columns - 1, x + 1); i++) {
          n += count[j * columns + i] as number;
          s += sum[j * columns + i] as number;
          q += squares[j * columns + i] as number;
        }
      const deviation = Math.sqrt(Math.max(0, q / n - (s / n) ** 2));
      data[y * columns + x] = Math.min(STRENGTH.most, STRENGTH.least + STRENGTH.growth * deviation);
    }
  return { columns, rows, data };
}

type Grid = Pick<CellMap, "columns" | "rows">;

/** The cells that a part lies in, and a margin of cells around it. */
function cellsAround(
  { left, top, width, height }: Rectangle,
  cell: number,
  more: number,
  grid: Grid,
): Window {
  return {
    left: Math.max(0, Math.floor(left / cell) - more),
    top: Math.max(0, Math.floor(top / cell) - more),
    right: Math.min(grid.columns, Math.ceil((left + width) / cell) + more),
    bottom: Math.min(grid.rows, Math.ceil((top + height) / cell) + more),
  };
}

/** Pixels, sum and sum of squares of the luminance in each cell of a part and two around it. */
function moments({ rgb, width, height }: Photo, cell: number, part: Rectangle, grid: Grid) {
  const { columns, rows } = grid;
  const cells = cellsAround(part, cell, 2, grid);
  const [first, last] = [Math.floor(cells.left * cell), Math.min(width, Math.ceil(cells.right * cell))];
  const [upper, lower] = [Math.floor(cells.top * cell), Math.min(height, Math.ceil(cells.bottom * cell))];
  const [count, sum, squares] = [0, 1, 2].map(() => new Float64Array(columns * rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const columnOf = Int32Array.from({ length: width }, (_, x) => Math.floor((x + 0.5) / cell));
  for (let y = upper; y < lower; y++) {
    const row = Math.floor((y + 0.5) / cell) * columns;
    for (let x = first; x < last; x++) {
      const from = 3 * (y * width + x);
      const luminance =
        0.299 * (rgb[from] as number) + 0.587 * (rgb[from + 1] as number) + 0.114 * (rgb[from + 2] as number);
      const at = row + (columnOf[x] as number);
      (count[at] as number)++;
      (sum[at] as number) += luminance;
      (squares[at] as number) += luminance * luminance;
    }
  }
  return { count, sum, squares };
}
