import fc from "fast-check";
import { expect, test } from "vitest";
import { type ResizeMode, resizeMask } from "./mask-grid.ts";

const side = fc.integer({ min: 1, max: 12 });
const modes = fc.constantFrom<ResizeMode>("area", "bilinear", "nearest_exact");

test("property: values stay within those of the mask", () => {
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      modes,
      fc.infiniteStream(fc.float({ min: 0, max: 1, noNaN: true })),
      (h, w, H, W, mode, values) => {
        const data = Float32Array.from({ length: h * w }, () => values.next().value);
        const resized = resizeMask({ data, height: h, width: w }, H, W, mode);
        expect(resized.data).toHaveLength(H * W);
        for (const value of resized.data) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...data) - 1e-6);
          expect(value).toBeLessThanOrEqual(Math.max(...data) + 1e-6);
        }
      },
    ),
  );
});

test("area halves a grid by means of 2x2, which keeps soft coverage", () => {
  const mask = { data: Float32Array.of(0, 1, 0, 0, 1, 1, 0, 0), height: 2, width: 4 };
  expect([...resizeMask(mask, 1, 2).data]).toEqual([0.75, 0]);
});
