import { expect, test } from "vitest";
import { diceOfRegions, isBestMatch, trueRegions } from "./region-dice.ts";

// Two regions on 4×4 pixels: the left half; the top row and half of the second.
const left = Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 255 : 0));
const top = Array.from({ length: 16 }, (_, i) => (i < 4 ? 255 : i < 8 ? 128 : 0));
const nothing = Array<number>(16).fill(0);
const truth = trueRegions(Uint8Array.from([...left, ...top, ...nothing]), 4, 2);

test("a cell belongs to a region that covers more than half of it", () => {
  // Of the four cells two are left; the upper two are covered by (1 + 0.502) / 2.
  expect(truth.sizes).toEqual([2, 2, 0]);
  expect([...truth.cells]).toEqual([0b11, 0b10, 0b01, 0]);
});

test("just half of a cell is not more than half", () => {
  const half = Array.from({ length: 16 }, (_, i) => (i < 4 ? 255 : 0));
  expect(trueRegions(Uint8Array.from(half), 4, 2).sizes).toEqual([0]);
});

test("Dice: 1 for the region itself, 1/2 for one cell shared of two and two, 2/3 for half of it, NaN where there is none", () => {
  expect(diceOfRegions(Float32Array.of(0.9, 0.5, 0.6, 0.1), truth)).toEqual([1, 0.5, Number.NaN]);
  const [one] = diceOfRegions(Float32Array.of(0.9, 0, 0, 0), truth);
  expect(one).toBeCloseTo(2 / 3, 12);
  expect(diceOfRegions(new Float32Array(4), truth).slice(0, 2)).toEqual([0, 0]);
});

test("the right region is the best match where no shown one is better and it matches at all", () => {
  expect(isBestMatch([0.8, 0.5, Number.NaN], 0)).toBe(true);
  expect(isBestMatch([0.8, 0.5, Number.NaN], 1)).toBe(false);
  expect(isBestMatch([0, 0, Number.NaN], 0)).toBe(false);
});

test("tells region 31 from region 0", () => {
  const coverage = new Uint8Array(32 * 4);
  coverage.fill(255, 31 * 4);
  const last = trueRegions(coverage, 2, 1);
  expect(diceOfRegions(Float32Array.of(1), last)[31]).toBe(1);
  expect(diceOfRegions(Float32Array.of(1), last)[0]).toBeNaN();
});
