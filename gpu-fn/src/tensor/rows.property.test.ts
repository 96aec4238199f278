import fc from "fast-check";
import { expect, test } from "vitest";
import { otherRows, putRows, takeRows } from "./rows.ts";

test("the rows taken and all the others, put back together, give the matrix", () => {
  const subsets = fc.integer({ min: 1, max: 40 }).chain((count) =>
    fc.record({
      rows: fc.subarray(Array.from({ length: count }, (_, row) => row)),
      count: fc.constant(count),
      width: fc.integer({ min: 1, max: 5 }),
    }),
  );
  fc.assert(
    fc.property(subsets, ({ rows, count, width }) => {
      const matrix = Float32Array.from({ length: count * width }, (_, i) => i);
      const others = otherRows(rows, count);
      expect([...rows, ...others].sort((a, b) => a - b)).toEqual([...Array(count).keys()]);
      const again = new Float32Array(matrix.length);
      for (const part of [rows, others]) putRows(again, part, takeRows(matrix, part, width), width);
      expect(again).toEqual(matrix);
      const halves = Uint16Array.from(matrix);
      expect(takeRows(halves, rows, width)).toEqual(Uint16Array.from(takeRows(matrix, rows, width)));
    }),
  );
});
