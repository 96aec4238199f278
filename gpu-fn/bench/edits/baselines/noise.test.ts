import { expect, test } from "vitest";
import { gaussian } from "./noise.ts";

test("mean 0, variance 1 and fourth moment 3, as a standard normal has them", () => {
  const count = 200_000;
  const numbers = gaussian(7, "test", count);
  const moment = (power: number) => numbers.reduce((sum, value) => sum + value ** power, 0) / count;
  // Standard errors at this count: 0.0022, 0.0032 and 0.022.
  expect(Math.abs(moment(1))).toBeLessThan(0.01);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.015);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
});

test("seed and name decide the numbers", () => {
  expect(gaussian(7, "a", 8)).toEqual(gaussian(7, "a", 8));
  expect(gaussian(7, "a", 8)).not.toEqual(gaussian(8, "a", 8));
  expect(gaussian(7, "a", 8)).not.toEqual(gaussian(7, "b", 8));
});
