import type { Photo } from "../../image/decode.ts";

/**
 * Root mean square of the mark in levels of 255: where the picture is even, for each level of the picture's own
 * deviation nearby (an eye sees less where more happens), and at the most.
 */
const STRENGTH = { least: 1.2, growth: 0.25, most: 5 };

/** A value for each cell of a picture, row-major. */
export interface CellMap {
  readonly columns: number;
  readonly rows: number;
  readonly data: Float32Array;
}

/** How strong the mark may be in each cell, in levels of 255. @param cell pixels along a cell's side */
export function strengthsOf(photo: Photo, cell: number): CellMap {
  const columns = Math.ceil(photo.width / cell);
  const rows = Math.ceil(photo.height / cell);
  const { count, sum, squares } = moments(photo, cell, columns, rows);
  const data = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
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

/** Pixels, sum and sum of squares of the luminance in each cell. */
function moments({ rgb, width, height }: Photo, cell: number, columns: number, rows: number) {
  const [count, sum, squares] = [0, 1, 2].map(() => new Float64Array(columns * rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const columnOf = Int32Array.from({ length: width }, (_, x) => Math.floor((x + 0.5) / cell));
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) / cell) * columns;
    for (let x = 0; x < width; x++) {
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
