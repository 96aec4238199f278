import { expect, test } from "vitest";
import { slopeOf, studentT975 } from "./slope.ts";

const HOUR = 3_600_000;

test("a line's slope, whatever saw lies on it", () => {
  const saw = Array.from({ length: 600 }, (_, i) => [i * 1_000, 100 + i / 60 + (i % 20)] as const);
  const slope = slopeOf(saw, 10);
  // one unit a minute
  expect(slope?.perHour).toBeCloseTo(60, 0);
  expect(slope?.halfWidth).toBeLessThan(2);
});

test("of flat noise the interval holds zero", () => {
  const noise = Array.from({ length: 600 }, (_, i) => [i * 1_000, 100 + Math.sin(i * i)] as const);
  const slope = slopeOf(noise, 10);
  expect(Math.abs(slope?.perHour ?? Number.NaN)).toBeLessThan(slope?.halfWidth ?? 0);
});

// Least squares by hand: slope 15.5 / 17.5, residuals² 17.5 - 15.5² / 17.5, and t of four degrees is 2.776.
test("the interval is that of a textbook", () => {
  const slope = slopeOf(
    [0, 2, 1, 3, 5, 4].map((value, hour) => [hour * HOUR, value] as const),
    6,
  );
  expect(slope?.perHour).toBeCloseTo(0.8857);
  expect(slope?.halfWidth).toBeCloseTo(0.644, 2);
});

test("quantiles of the tables", () => {
  for (const [degrees, quantile] of [
    [4, 2.776],
    [8, 2.306],
    [30, 2.042],
  ] as const)
    expect(studentT975(degrees)).toBeCloseTo(quantile, 2);
});

test("too few points have none", () => {
  expect(slopeOf([], 8)).toBeNull();
  expect(slopeOf([[0, 1]], 8)).toBeNull();
});
