import { expect, test } from "vitest";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { editRegion } from "./edit-region.ts";

const options = (given: object = {}) => maskOptionsSchema.parse(given);

/** A mask of `side`×`side` with a block of ones from `from` up to but not including `to` on both axes. */
function block(side: number, from: number, to: number) {
  const data = new Float32Array(side * side);
  for (let y = from; y < to; y++) for (let x = from; x < to; x++) data[y * side + x] = 1;
  return { width: side, height: side, data };
}

test("a located mask on twice the token grid becomes the mean of each 2×2 cells", () => {
  const { tokens } = editRegion(block(32, 3, 8), null, 16, options());
  expect([tokens.width, tokens.height]).toEqual([16, 16]);
  expect(tokens.data[1 * 16 + 1]).toBe(0.25);
  expect(tokens.data[1 * 16 + 2]).toBe(0.5);
  expect(tokens.data[2 * 16 + 2]).toBe(1);
  expect(tokens.data[4 * 16 + 4]).toBe(0);
});

test("a drawn mask counts inside the square alone", () => {
  const drawn = { width: 200, height: 100, data: new Float32Array(200 * 100) };
  for (let y = 0; y < 100; y++) for (let x = 0; x < 100; x++) drawn.data[y * 200 + x] = 1;
  const square = { left: 50, top: 0, width: 100, height: 100 };
  const { tokens, pixels } = editRegion(drawn, square, 4, options());
  expect([...tokens.data.slice(0, 4)]).toEqual([1, 1, 0, 0]);
  expect([pixels.width, pixels.height]).toEqual([200, 100]);
  expect(() => editRegion(drawn, { ...square, left: 100 }, 4, options())).toThrow("the mask is empty");
});

test("invert, threshold and grow act in this order", () => {
  const mask = block(16, 0, 8);
  const inverted = editRegion(mask, null, 16, options({ invert: true })).tokens.data;
  expect([inverted[0], inverted[255]]).toEqual([0, 1]);
  const soft = { ...mask, data: mask.data.map((value) => 0.3 + 0.5 * value) };
  const hard = editRegion(soft, null, 16, options({ threshold: 0.5 })).tokens.data;
  expect([hard[0], hard[255]]).toEqual([1, 0]);
  const grown = editRegion(mask, null, 16, options({ grow: 2 / 16 })).tokens.data;
  expect([grown[9 * 16 + 9], grown[10 * 16 + 10]]).toEqual([1, 0]);
});

test("a prompt that fits nowhere is refused", () => {
  const faint = { width: 16, height: 16, data: new Float32Array(256).fill(0.02) };
  expect(() => editRegion(faint, null, 16, options())).toThrow("no region of the portrait fits the prompt");
});
