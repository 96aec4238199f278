import { expect, test } from "vitest";
import { resample } from "./resample.ts";
import { plain } from "./tiny-onnx.fixture.ts";

/** A grey picture whose rows are all the same. */
const rows = (...row: readonly number[]) =>
  Uint8Array.from({ length: 3 * row.length ** 2 }, (_, i) => row[Math.floor(i / 3) % row.length] as number);
const firstRow = (rgb: Uint8Array, side: number) =>
  Array.from({ length: side }, (_, x) => rgb[3 * x] as number);

test("a plain picture stays plain at any size, and one of the size wanted is left alone", () => {
  for (const filter of ["bilinear", "bicubic"] as const)
    for (const [from, to] of [
      [5, 224],
      [300, 112],
    ] as const)
      expect(resample(plain(from, [12, 130, 255]), from, to, filter)).toEqual(plain(to, [12, 130, 255]));
  const own = rows(1, 2, 3);
  expect(resample(own, 3, 3, "bicubic")).toBe(own);
});

test("halving with the bilinear filter: a triangle of width 4, cut at the edge", () => {
  // out 0 has its centre at 1: distances .5, .5, 1.5 of 2 weigh .75, .75, .25 → (0·.75 + 80·.75 + 160·.25) / 1.75
  // out 1 has its centre at 3: .25, .75, .75 → (80·.25 + 160·.75 + 240·.75) / 1.75
  expect(firstRow(resample(rows(0, 80, 160, 240), 4, 2, "bilinear"), 2)).toEqual([57, 183]);
});

test("doubling with the bicubic filter: Keys' weights with a = −1/2, and overshoot is clipped", () => {
  // out 3 lies at 1.25: distances .75 and .25 of pixels 1 and 0's neighbours; weights −.0703125, .8671875, .2265625, −.0234375
  const row = [0, 0, 255, 255];
  const wide = firstRow(resample(rows(...row), 4, 8, "bicubic"), 8);
  expect(wide[3]).toBe(Math.round(255 * (0.2265625 - 0.0234375)));
  expect(wide[2]).toBe(0);
  expect(wide[5]).toBe(255);
  expect(wide).toEqual([...wide].reverse().map((value) => 255 - value));
});
