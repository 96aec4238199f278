import { expect, test } from "vitest";
import { seamAcross } from "./seam.ts";

const SIDE = 16;
const squareOf = (value: (x: number, y: number) => number) =>
  Uint8Array.from({ length: SIDE * SIDE }, (_, i) => value(i % SIDE, Math.floor(i / SIDE)));
const rgbOf = (grey: Uint8Array) =>
  Uint8Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)] as number);

/** A picture that is nowhere flat. */
const truth = rgbOf(squareOf((x, y) => 40 + 5 * x + 3 * y));
const box = (x: number, y: number) => x >= 4 && x < 12 && y >= 4 && y < 12;
const hard = squareOf((x, y) => (box(x, y) ? 255 : 0));
/** Over five pixels, from left to right, and the same in each row. */
const soft = squareOf((x) => Math.min(255, Math.max(0, 51 * (x - 5))));

/** The truth, brighter by some levels as far as a mask lets it through. */
const pasted = (levels: number, mask: Uint8Array) =>
  truth.map((value, i) => value + Math.round((levels * (mask[Math.floor(i / 3)] as number)) / 255));

test("the truth has no seam, nor has a picture that is brighter everywhere", () => {
  expect(seamAcross(truth, truth, hard)).toBe(0);
  expect(
    seamAcross(
      truth.map((value) => value + 30),
      truth,
      hard,
    ),
  ).toBe(0);
});

test("a step of 20 levels at a hard border is a seam of 20; feathered over five pixels it is a fifth", () => {
  expect(seamAcross(pasted(20, hard), truth, hard)).toBe(20);
  expect(seamAcross(pasted(-20, hard), truth, hard)).toBe(20);
  expect(seamAcross(pasted(20, soft), truth, soft)).toBe(4);
});

test("a step that the truth itself has is none, and its absence is one", () => {
  expect(seamAcross(pasted(20, hard), pasted(20, hard), hard)).toBe(0);
  expect(seamAcross(truth, pasted(20, hard), hard)).toBe(20);
});

test("what happens away from the border, or along it, does not count", () => {
  const inner = squareOf((x, y) => (x >= 6 && x < 10 && y >= 6 && y < 10 ? 255 : 0));
  expect(seamAcross(pasted(50, inner), truth, hard)).toBe(0);
  const stripes = truth.map((value, i) => value + (Math.floor(i / 3 / SIDE) % 2 ? 30 : 0));
  expect(seamAcross(stripes, truth, soft)).toBe(0);
});

test("a mask without a border has no seam to be judged", () => {
  expect(
    seamAcross(
      truth,
      truth,
      squareOf(() => 255),
    ),
  ).toBeNaN();
});
