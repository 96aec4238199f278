import { expect, test } from "vitest";
import {
  dice,
  differingOutside,
  intersectionOverUnion,
  mean,
  psnrInside,
  rootMeanSquareInside,
} from "./metrics.ts";

// two pixels: the first is in the region, the second is not
const region = Uint8Array.of(255, 0);
const picture = (first: number, second: number) => Uint8Array.of(first, first, first, second, second, second);

test("PSNR inside sees the region alone: an error of 51 levels is a fifth of 255, 20·log10(5) dB", () => {
  expect(psnrInside(picture(100, 0), picture(151, 255), region)).toBeCloseTo(20 * Math.log10(5), 9);
  expect(rootMeanSquareInside(picture(100, 0), picture(151, 255), region)).toBeCloseTo(1 / 5, 9);
  expect(psnrInside(picture(9, 0), picture(9, 255), region)).toBe(Number.POSITIVE_INFINITY);
});

test("Dice is 1 for equal masks, 0 for disjoint ones, 2/3 where one is half of the other", () => {
  expect(dice([1, 1, 0], [1, 1, 0])).toBe(1);
  expect(dice([1, 0], [0, 1])).toBe(0);
  expect(dice([1, 1, 0, 0], [1, 0, 0, 0])).toBeCloseTo(2 / 3, 12);
});

test("IoU counts pixels of at least one half: 1 shared of 3 is a third, and empty masks agree", () => {
  const [none, half, all] = [0, 128, 255];
  expect(intersectionOverUnion(Uint8Array.of(all, half, none), Uint8Array.of(all, 127, all))).toBeCloseTo(
    1 / 3,
    12,
  );
  expect(intersectionOverUnion(Uint8Array.of(none), Uint8Array.of(127))).toBe(1);
});

test("a mean leaves out perfect scores, which are no numbers to average", () => {
  expect(mean([1, 3, Number.POSITIVE_INFINITY])).toBe(2);
});

test("pixels that differ count once each, and only where the mask is 0", () => {
  const [a, b] = [Uint8Array.of(1, 2, 3, 4, 5, 6), Uint8Array.of(9, 9, 9, 4, 0, 0)];
  expect(differingOutside(a, b, Uint8Array.of(255, 0))).toBe(1);
  expect(differingOutside(a, b, Uint8Array.of(0, 1))).toBe(1);
  expect(differingOutside(a, b, Uint8Array.of(0, 0))).toBe(2);
  expect(differingOutside(a, a, Uint8Array.of(0, 0))).toBe(0);
});
