import { describe, expect, test } from "vitest";
import { outsideOf, preservation } from "./preservation.ts";

const SIDE = 24;
const everywhere = new Uint8Array(SIDE * SIDE).fill(1);

/** A grey picture drawn by a function of each pixel. */
const picture = (value: (x: number, y: number) => number) =>
  Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return value(pixel % SIDE, Math.floor(pixel / SIDE));
  });

const texture = picture((x, y) => (37 * x + 91 * y + 13 * x * y) % 256);
const other = picture((x, y) => (41 * x + 83 * y + 11 * x * y) % 256);

/** SSIM of one pixel directly from Wang et al.'s definitions, with the window restricted to the pixels that count. */
function ssimAt(a: Uint8Array, b: Uint8Array, outside: Uint8Array, x: number, y: number): number {
  const window: { w: number; a: number; b: number }[] = [];
  for (let v = y - 5; v <= y + 5; v++)
    for (let u = x - 5; u <= x + 5; u++) {
      const at = v * SIDE + u;
      if (u < 0 || v < 0 || u >= SIDE || v >= SIDE || outside[at] === 0) continue;
      const w = Math.exp(-((u - x) ** 2 + (v - y) ** 2) / (2 * 1.5 ** 2));
      window.push({ w, a: a[3 * at] as number, b: b[3 * at] as number });
    }
  const total = window.reduce((sum, { w }) => sum + w, 0);
  const mean = (of: (cell: { a: number; b: number }) => number) =>
    window.reduce((sum, cell) => sum + cell.w * of(cell), 0) / total;
  const [ma, mb] = [mean((cell) => cell.a), mean((cell) => cell.b)];
  const va = mean((cell) => (cell.a - ma) ** 2);
  const vb = mean((cell) => (cell.b - mb) ** 2);
  const cov = mean((cell) => (cell.a - ma) * (cell.b - mb));
  const [c1, c2] = [6.5025, 58.5225];
  return ((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma ** 2 + mb ** 2 + c1) * (va + vb + c2));
}

describe("preservation", () => {
  test("is 100 dB and 1 for equal pictures", () => {
    const { psnrOutsideDb, ssimOutside } = preservation(texture, texture, everywhere, SIDE) ?? {};
    expect(psnrOutsideDb).toBe(100);
    expect(ssimOutside).toBeCloseTo(1, 9);
  });

  test("has the closed forms for two flat pictures", () => {
    const flat = (value: number) => picture(() => value);
    const { psnrOutsideDb, ssimOutside } = preservation(flat(100), flat(120), everywhere, SIDE) ?? {};
    expect(psnrOutsideDb).toBeCloseTo(10 * Math.log10(255 ** 2 / 20 ** 2), 9);
    expect(ssimOutside).toBeCloseTo((2 * 100 * 120 + 6.5025) / (100 ** 2 + 120 ** 2 + 6.5025), 9);
  });

  test("is the mean of the definition over the pixels outside a mask, for textures", () => {
    const outside = everywhere.map((_, i) => (i % SIDE < 9 || Math.floor(i / SIDE) > 15 ? 1 : 0));
    let sum = 0;
    let count = 0;
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        if (outside[y * SIDE + x] === 0) continue;
        sum += ssimAt(texture, other, outside, x, y);
        count += 1;
      }
    expect(preservation(texture, other, outside, SIDE)?.ssimOutside).toBeCloseTo(sum / count, 9);
  });

  test.each([
    ["rows", SIDE, 10],
    ["columns", 10, SIDE],
  ])("an oblong picture gives the same as the same %s of a square one", (_, width, height) => {
    const cut = (whole: Uint8Array) =>
      whole.filter((_, i) => Math.floor(i / 3) % SIDE < width && Math.floor(i / 3 / SIDE) < height);
    const inside = everywhere.map((_, i) => (i % SIDE < width && Math.floor(i / SIDE) < height ? 1 : 0));
    const whole = preservation(texture, other, inside, SIDE);
    const oblong = preservation(cut(texture), cut(other), new Uint8Array(width * height).fill(1), width);
    expect(oblong?.ssimOutside).toBeCloseTo(whole?.ssimOutside ?? Number.NaN, 9);
    expect(oblong?.psnrOutsideDb).toBeCloseTo(whole?.psnrOutsideDb ?? Number.NaN, 9);
  });

  test("ignores what happens inside the mask, and is null if nothing is outside", () => {
    const outside = everywhere.map((_, i) => (i % SIDE < 12 ? 1 : 0));
    const changed = texture.map((value, i) => (outside[Math.floor(i / 3)] === 0 ? 255 - value : value));
    expect(preservation(texture, changed, outside, SIDE)).toEqual(
      preservation(texture, texture, outside, SIDE),
    );
    expect(preservation(texture, other, new Uint8Array(SIDE * SIDE), SIDE)).toBeNull();
  });
});

test("a model pixel is outside if the mask is 0 on the whole area that it covers in the photo", () => {
  const data = new Uint8Array(10 * 8);
  data[3 * 10 + 4] = 1;
  const outside = outsideOf(
    { width: 10, height: 8, data },
    { left: 1, top: 0, width: 8, height: 8 },
    { width: 4, height: 4 },
  );
  expect([...outside]).toEqual([1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
});

test("so it is in an oblong part with a different scale on each axis", () => {
  const data = new Uint8Array(12 * 8);
  data[5 * 12 + 9] = 1;
  const part = { left: 2, top: 2, width: 9, height: 6 };
  const outside = outsideOf({ width: 12, height: 8, data }, part, { width: 3, height: 3 });
  expect([...outside]).toEqual([1, 1, 1, 1, 1, 0, 1, 1, 1]);
});
