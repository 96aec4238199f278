import { expect, test } from "vitest";
import { fixedNoise } from "./noise.ts";

test("the noise is standard normal, and the same at every call", () => {
  const noise = fixedNoise(100_000);
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const variance = noise.reduce((sum, value) => sum + value ** 2, 0) / noise.length;
  // five standard errors of either
  expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(noise.length));
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / noise.length));
  expect(fixedNoise(64)).toEqual(noise.subarray(0, 64));
});
