import { describe, expect, test } from "vitest";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import type { Mask, Photo, Rectangle } from "../image/picture.ts";
import { fusionMask, pasteMask, workedMask } from "./edit-region.ts";
import type { View } from "./view.ts";

const options = (given: object = {}) => maskOptionsSchema.parse(given);

/** A mask with `value` inside a box and 0 outside it. */
function block(width: number, height: number, box: Rectangle, value = 1): Mask {
  const data = new Float32Array(width * height);
  for (let y = box.top; y < box.top + box.height; y++)
    data.fill(value, y * width + box.left, y * width + box.left + box.width);
  return { width, height, data };
}

const square = { left: 0, top: 0, width: 512, height: 512 };
const photo: Photo = { width: 512, height: 512, rgb: new Uint8Array(), alpha: null };
const view: View = {
  window: { part: square, size: { width: 128, height: 128 } },
  grid: { rows: 16, columns: 16 },
};

const fused = (mask: Mask, over: Rectangle | null, given: object = {}, seen = view) =>
  fusionMask(workedMask({ mask, over }, options(given)), over, seen, options(given)).data;

const pasted = async (mask: Mask, over: Rectangle | null, given: object = {}) =>
  (await pasteMask(workedMask({ mask, over }, options(given)), over, photo, options(given))).data;

/** Two masks that do not overlap as one. */
const both = (one: Mask, other: Mask): Mask => ({
  ...one,
  data: one.data.map((value, i) => value + (other.data[i] as number)),
});

describe("the fusion's mask", () => {
  test("is 1 on the tokens of which a located region covers an eighth, and grows up to that", () => {
    const tokens = fused(block(32, 32, { left: 3, top: 3, width: 5, height: 5 }), square);
    expect([tokens[16 + 1], tokens[16 + 2], tokens[32 + 2], tokens[64 + 4]]).toEqual([1, 1, 1, 0]);
    const faint = fused(block(32, 32, { left: 3, top: 3, width: 5, height: 5 }, 0.2), square);
    for (const [token, value] of [
      [16 + 1, 0.4],
      [16 + 2, 0.8],
      [32 + 2, 1],
    ] as const)
      expect(faint[token]).toBeCloseTo(value);
  });

  test("is 1 on every token that a hard mask touches", () => {
    const located = block(32, 32, { left: 3, top: 3, width: 5, height: 5 }, 0.7);
    const tokens = fused(located, square, { threshold: 0.5 });
    expect([tokens[16 + 1], tokens[16 + 2], tokens[64 + 4]]).toEqual([1, 1, 0]);
    expect(fused(located, square, { threshold: 0.8, invert: true })[0]).toBe(1);
    expect(() => fused(located, square, { threshold: 0.8 })).toThrow("the mask is empty");
  });

  test("is 1 on the tokens that a drawn stroke crosses, however thin it is", () => {
    const stroke = block(512, 512, { left: 100, top: 250, width: 300, height: 2 });
    const tokens = fused(stroke, null);
    const row = [...tokens.subarray(7 * 16, 8 * 16)];
    expect(row).toEqual(row.map((_, i) => (i >= 3 && i <= 12 ? 1 : 0)));
    expect(tokens.reduce((sum, value) => sum + value, 0)).toBe(10);
    expect(
      Math.max(...fused(block(512, 512, { left: 100, top: 250, width: 9, height: 9 }, 0.4), null)),
    ).toBeCloseTo(0.4);
  });

  test("applies invert, threshold and grow in this order", () => {
    const mask = block(16, 16, { left: 0, top: 0, width: 8, height: 8 });
    const inverted = fused(mask, square, { invert: true });
    expect([inverted[0], inverted[255]]).toEqual([0, 1]);
    const soft = { ...mask, data: mask.data.map((value) => 0.3 + 0.5 * value) };
    const hard = fused(soft, square, { threshold: 0.5 });
    expect([hard[0], hard[255]]).toEqual([1, 0]);
    const grown = fused(mask, square, { grow: 2 / 16 });
    expect([grown[9 * 16 + 9], grown[10 * 16 + 10]]).toEqual([1, 0]);
  });

  test("is refused if it covers less than one model pixel, or lies outside the view", () => {
    const one = block(512, 512, { left: 200, top: 200, width: 1, height: 1 });
    expect(() => fused(one, null)).toThrow("less than one pixel");
    const small: View = { ...view, window: { part: square, size: { width: 512, height: 512 } } };
    expect(Math.max(...fused(one, null, {}, small))).toBe(1);
    const aside: View = { ...view, window: { ...view.window, part: { ...square, left: 300 } } };
    expect(() => fused(one, null, {}, aside)).toThrow("in the part of the photo that is edited");
  });
});

describe("the paste's mask", () => {
  test("is the drawn mask byte for byte, unless a feather is asked for", async () => {
    const box = { left: 200, top: 300, width: 120, height: 24 };
    const drawn = block(512, 512, box);
    expect(await pasted(drawn, null)).toEqual(Uint8Array.from(drawn.data, (value) => 255 * value));
    const soft = await pasted(drawn, null, { feather: 0.05 });
    for (let i = 0; i < soft.length; i++) if (drawn.data[i] === 1) expect(soft[i]).toBeGreaterThan(240);
    expect(soft.reduce((count, value) => count + Number(value > 0), 0)).toBeGreaterThan(1.5 * 120 * 24);
  });

  test("reaches as far as a located region is doubted, and with a threshold as far as that says", async () => {
    const certain = block(32, 32, { left: 8, top: 8, width: 8, height: 8 });
    const uncertain = block(32, 32, { left: 16, top: 8, width: 4, height: 8 }, 0.1);
    const whole = await pasted(both(certain, uncertain), square);
    const cut = await pasted(both(certain, uncertain), square, { threshold: 0.3 });
    const [sure, doubt] = [12 * 16 * 512 + 12 * 16, 12 * 16 * 512 + 18 * 16];
    expect(Math.min(whole[sure] as number, whole[doubt] as number)).toBeGreaterThan(240);
    expect(cut[sure]).toBeGreaterThan(240);
    expect(cut[doubt]).toBeLessThan(16);
  });

  test("does not reach for a doubt that borders on nothing sure", async () => {
    const certain = block(32, 32, { left: 8, top: 8, width: 8, height: 8 });
    const elsewhere = block(32, 32, { left: 24, top: 24, width: 4, height: 4 }, 0.1);
    const data = await pasted(both(certain, elsewhere), square);
    expect(data[12 * 16 * 512 + 12 * 16]).toBeGreaterThan(240);
    expect(data[26 * 16 * 512 + 26 * 16]).toBeLessThan(64);
  });

  test("keeps all of a thin located region", async () => {
    const data = await pasted(block(32, 32, { left: 8, top: 10, width: 8, height: 1 }), square);
    // the middle of the located row of cells
    for (let x = 140; x < 244; x++) expect(data[168 * 512 + x]).toBe(255);
  });

  test("is refused if the words match nothing in the photo", async () => {
    const faint = block(16, 16, { left: 0, top: 0, width: 16, height: 16 }, 0.02);
    await expect(pasted(faint, square)).rejects.toThrow("no region of the portrait fits the prompt");
  });
});
