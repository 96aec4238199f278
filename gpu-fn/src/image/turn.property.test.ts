import fc from "fast-check";
import { expect, test } from "vitest";
import type { Part } from "./picture.ts";
import { laidOnto, placeIn, shareIn } from "./turn.ts";

const sides = fc.integer({ min: 8, max: 40 });

const places = fc.record({
  left: fc.double({ min: -30, max: 30, noNaN: true }),
  top: fc.double({ min: -30, max: 30, noNaN: true }),
  width: fc.double({ min: 5, max: 80, noNaN: true }),
  height: fc.double({ min: 5, max: 80, noNaN: true }),
  roll: fc.oneof(fc.constant(0), fc.double({ min: -Math.PI, max: Math.PI, noNaN: true })),
});

const options = fc.record({
  beyond: fc.constantFrom("edge" as const, "nothing" as const),
  least: fc.integer({ min: 1, max: 4 }),
});

/** Samples of a cell, as shares of it, that lie farthest apart; a mean of samples in between is the cell's middle. */
const CORNERS = [0, 1].flatMap((x) => [0, 1].map((y) => ({ x, y })));

test("property: bilinear cells keep a slope of any direction, however the new grid is turned, sized and sampled", () => {
  fc.assert(
    fc.property(sides, sides, places, sides, sides, options, (width, height, onto, columns, rows, how) => {
      const over: Part = { left: 3, top: -2, width: 1.5 * width, height: 0.75 * height, roll: 0.2 };
      const slope = (x: number, y: number) => 0.3 * x - 0.7 * y + 5;
      const data = Float32Array.from({ length: width * height }, (_, i) =>
        slope((i % width) + 0.5, Math.floor(i / width) + 0.5),
      );
      const plane = { data, width, height, channels: 1 } as const;
      const laid = laidOnto(plane, over, onto, { width: columns, height: rows }, how);
      /** Where a share of the new grid lies in the old one, in its cells. */
      const cellsAt = (x: number, y: number) => {
        const share = shareIn(over, placeIn(onto, { x: x / columns, y: y / rows }));
        return { x: share.x * width, y: share.y * height };
      };
      const wrong = [...laid].filter((value, i) => {
        const [column, row] = [i % columns, Math.floor(i / columns)];
        const corners = CORNERS.map(({ x, y }) => cellsAt(column + x, row + y));
        const between = corners.every(
          ({ x, y }) => x > 0.5 && y > 0.5 && x < width - 0.5 && y < height - 0.5,
        );
        const { x, y } = cellsAt(column + 0.5, row + 0.5);
        const away = corners.every(({ x: u }) => u < 0) || corners.every(({ y: v }) => v < 0);
        if (away && how.beyond === "nothing") return value !== 0;
        // fp32 keeps 24 bits of values below 50
        return between && Math.abs(value - slope(x, y)) > 1e-4;
      });
      expect(wrong).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("property: colours are laid like three planes of grey, and bytes like their fp32 values, rounded", () => {
  fc.assert(
    fc.property(sides, sides, places, sides, sides, options, (width, height, onto, columns, rows, how) => {
      const [over, size] = [
        { left: 0, top: 0, width, height },
        { width: columns, height: rows },
      ];
      const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 37 + (i >> 3)) % 256);
      const laid = laidOnto({ data: rgb, width, height, channels: 3 }, over, onto, size, how);
      for (let c = 0; c < 3; c++) {
        const plane = rgb.filter((_, i) => i % 3 === c);
        const grey = laidOnto({ data: plane, width, height, channels: 1 }, over, onto, size, how);
        expect(laid.filter((_, i) => i % 3 === c)).toEqual(grey);
        const exact = laidOnto(
          { data: Float32Array.from(plane), width, height, channels: 1 },
          over,
          onto,
          size,
          how,
        );
        // half a level, and fp32's share of a value up to 255
        const far = [...grey].filter((value, i) => Math.abs(value - (exact[i] as number)) > 0.5 + 1e-4);
        expect(far).toEqual([]);
      }
    }),
  );
});
