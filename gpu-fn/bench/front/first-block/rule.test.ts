import fc from "fast-check";
import { expect, test } from "vitest";
import { hardlyMoved, relativeChange } from "./rule.ts";

const numbers = (values: readonly number[]) => Float32Array.from(values);

test("the change is the mean absolute difference, relative to the kept residual's mean absolute value", () => {
  // |1−2| + |−2−(−4)| + |3−2| = 4 of 2 + 4 + 2 = 8
  expect(relativeChange(numbers([1, -2, 3]), numbers([2, -4, 2]))).toBe(0.5);
  // the other way round it is relative to 6
  expect(relativeChange(numbers([2, -4, 2]), numbers([1, -2, 3]))).toBeCloseTo(4 / 6, 12);
});

test("the rest is skipped below the threshold, not at it", () => {
  const [now, kept] = [numbers([1, -2, 3]), numbers([2, -4, 2])];
  expect([0.49, 0.5, 0.51].map((threshold) => hardlyMoved(now, kept, threshold))).toEqual([
    false,
    false,
    true,
  ]);
});

test("a threshold of 0 never skips; nor does any where the kept residual is 0 everywhere", () => {
  const still = numbers([1, 2]);
  expect(relativeChange(still, still)).toBe(0);
  expect(hardlyMoved(still, still, 0)).toBe(false);
  const nothing = numbers([0, 0]);
  expect(hardlyMoved(nothing, nothing, 1)).toBe(false);
  expect(hardlyMoved(still, nothing, 1e9)).toBe(false);
});

test("residuals of different pictures are refused", () => {
  expect(() => relativeChange(numbers([1]), numbers([1, 2]))).toThrow(RangeError);
});

const residuals = fc
  .array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: 1, max: 100 })), { minLength: 1 })
  .map((pairs) => ({
    now: numbers(pairs.map(([now]) => now)),
    kept: numbers(pairs.map(([, kept]) => kept)),
  }));

test("scale and sign of both do not matter", () => {
  fc.assert(
    fc.property(residuals, fc.constantFrom(-8, -1, 0.25, 4), ({ now, kept }, factor) => {
      const scaled = relativeChange(
        now.map((value) => factor * value),
        kept.map((value) => factor * value),
      );
      expect(scaled).toBeCloseTo(relativeChange(now, kept), 12);
    }),
  );
});
