import fc from "fast-check";
import { expect, test } from "vitest";
import { growBy, growMask, invertMask, thresholdMask } from "./mask.ts";
import type { Mask } from "./picture.ts";

const masks = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.float({ min: 0, max: 1, noNaN: true }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((values): Mask => ({ width, height, data: Float32Array.from(values) })),
  );

test("growing takes the largest value in the square neighbourhood", () => {
  fc.assert(
    fc.property(masks, fc.double({ min: 0, max: 0.6, noNaN: true }), (mask, fraction) => {
      const radius = Math.round(fraction * Math.min(mask.width, mask.height));
      const { data } = growMask(mask, fraction);
      for (let y = 0; y < mask.height; y++)
        for (let x = 0; x < mask.width; x++) {
          let largest = 0;
          for (let v = Math.max(0, y - radius); v <= Math.min(mask.height - 1, y + radius); v++)
            for (let u = Math.max(0, x - radius); u <= Math.min(mask.width - 1, x + radius); u++)
              largest = Math.max(largest, mask.data[v * mask.width + u] as number);
          expect(data[y * mask.width + x]).toBe(largest);
        }
    }),
  );
});

test("bytes grow by any radius as fp32 values do", () => {
  fc.assert(
    fc.property(masks, fc.integer({ min: 1, max: 30 }), (mask, radius) => {
      const bytes = Uint8Array.from(mask.data, (value) => 255 * value);
      const grown = growBy(bytes, mask, radius);
      expect(Float32Array.from(grown)).toEqual(growBy(Float32Array.from(bytes), mask, radius));
      // beyond the mask's sides, every cell has the largest value
      if (radius >= Math.max(mask.width, mask.height))
        expect(new Set(grown)).toEqual(new Set([Math.max(...bytes)]));
    }),
  );
});

test("inverting twice changes nothing beyond rounding; a threshold makes the mask hard", () => {
  fc.assert(
    fc.property(masks, (mask) => {
      const twice = invertMask(invertMask(mask));
      for (const [i, value] of twice.data.entries()) expect(value).toBeCloseTo(mask.data[i] ?? 0, 6);
      for (const value of thresholdMask(mask, 0.5).data) expect([0, 1]).toContain(value);
    }),
  );
});
