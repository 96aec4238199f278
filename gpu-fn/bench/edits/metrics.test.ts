import { expect, test } from "vitest";
import { dice, mean, psnrInside, psnrOutside } from "./metrics.ts";

// two pixels: the first is in the region, the second is not
const region = Uint8Array.of(255, 0);
const picture = (first: number, second: number) => Uint8Array.of(first, first, first, second, second, second);

test("PSNR inside sees the region alone, outside the rest: an error of 51 levels is 20·log10(255/51) dB", () => {
  const expected = 20 * Math.log10(5);
  expect(psnrInside(picture(100, 0), picture(151, 255), region)).toBeCloseTo(expected, 9);
  expect(psnrOutside(picture(0, 100), picture(255, 151), region)).toBeCloseTo(expected, 9);
  expect(psnrInside(picture(9, 0), picture(9, 255), region)).toBe(Number.POSITIVE_INFINITY);
});

test("Dice is 1 for equal masks, 0 for disjoint ones, 2/3 where one is half of the other", () => {
  expect(dice([1, 1, 0], [1, 1, 0])).toBe(1);
  expect(dice([1, 0], [0, 1])).toBe(0);
  expect(dice([1, 1, 0, 0], [1, 0, 0, 0])).toBeCloseTo(2 / 3, 12);
});

test("a mean leaves out perfect scores, which are no numbers to average", () => {
  expect(mean([1, 3, Number.POSITIVE_INFINITY])).toBe(2);
});
