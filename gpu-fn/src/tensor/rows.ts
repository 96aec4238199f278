/** Some rows of a matrix. */
import type { FeatureArray } from "./tensor.ts";

/** Takes the rows with the given indices, in that order. @param matrix [any, width] */
export function takeRows<T extends FeatureArray>(matrix: T, rows: ArrayLike<number>, width: number): T {
  const taken = new (matrix.constructor as new (length: number) => T)(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const start = (rows[i] as number) * width;
    taken.set(matrix.subarray(start, start + width), i * width);
  }
  return taken;
}

/** Overwrites the rows with the given indices: the inverse of `takeRows`. */
export function putRows(
  into: Float32Array,
  rows: ArrayLike<number>,
  taken: Float32Array,
  width: number,
): void {
  for (let i = 0; i < rows.length; i++)
    into.set(taken.subarray(i * width, (i + 1) * width), (rows[i] as number) * width);
}

/** The indices 0 to `count` − 1 that are not in `rows`. */
export function otherRows(rows: ArrayLike<number>, count: number): Int32Array {
  const among = new Uint8Array(count);
  for (let i = 0; i < rows.length; i++) among[rows[i] as number] = 1;
  return Int32Array.from([...among.keys()].filter((row) => among[row] === 0));
}
