import { expect, test } from "vitest";
import { exactMask, pasteBack, spreadMask } from "./composite.ts";
import { fromModel, overWhite, portraitSquare, toModel, wholeOf } from "./crop.ts";
import { feathered } from "./feather.ts";
import type { Photo, Rectangle } from "./picture.ts";

const SIZE = { width: 128, height: 128 };

function gradient(width: number, height: number): Photo {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 31) % 256);
  return { width, height, rgb, alpha: null };
}

/** `width·height` RGB pixels like a chessboard: no edit has anything in common with it. */
function unlike(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return ((pixel % width) + Math.floor(pixel / width)) % 2 === 0 ? 0 : 255;
  });
}

async function blockMask(photo: Photo, square: Rectangle): Promise<Uint8Array> {
  const data = new Float32Array(32 * 32);
  for (let y = 8; y < 20; y++) for (let x = 10; x < 22; x++) data[y * 32 + x] = 1;
  const spread = await spreadMask({ width: 32, height: 32, data }, photo, square);
  return (await feathered(spread, 0.02)).data;
}

test("the photo's bytes stay if the feathered mask is 0; what looks otherwise replaces them if it is 255", async () => {
  const photo = gradient(150, 200);
  const square = portraitSquare(150, 200);
  const mask = await blockMask(photo, square);
  const pair = {
    size: SIZE,
    edited: new Uint8Array(128 * 128 * 3).fill(200),
    reconstructed: unlike(128, 128),
  };
  const result = await pasteBack(photo, pair, square, mask);
  let kept = 0;
  let pasted = 0;
  for (let i = 0; i < mask.length; i++)
    for (let c = 0; c < 3; c++) {
      if (mask[i] === 0) expect(result.rgb[3 * i + c]).toBe(photo.rgb[3 * i + c]);
      if (mask[i] === 255) expect(result.rgb[3 * i + c]).toBe(200);
      kept += Number(mask[i] === 0);
      pasted += Number(mask[i] === 255);
    }
  expect(kept).toBeGreaterThan(20_000);
  expect(pasted).toBeGreaterThan(1_000);
});

test.each([6, 70])(
  "inside the mask, the photo's detail stays, and another brightness (%d) is added to it",
  async (brighter) => {
    const photo = gradient(150, 200);
    const square = portraitSquare(150, 200);
    const mask = await blockMask(photo, square);
    const reconstructed = new Uint8Array(128 * 128 * 3).fill(100);
    const still = await pasteBack(photo, { edited: reconstructed, reconstructed, size: SIZE }, square, mask);
    expect(still.rgb).toEqual(photo.rgb);
    const edited = reconstructed.map((value) => value + brighter);
    const moved = await pasteBack(photo, { edited, reconstructed, size: SIZE }, square, mask);
    const inside = mask.indexOf(255);
    expect(moved.rgb[3 * inside]).toBe(Math.min(255, (photo.rgb[3 * inside] as number) + brighter));
  },
);

test("a half transparent pixel over white looks like the edit; alpha stays, and alpha 0 stays unchanged", async () => {
  const alpha = Uint8Array.from({ length: 64 * 48 }, (_, i) => [0, 102, 255][i % 3] as number);
  const photo = { ...gradient(64, 48), alpha };
  const size = { width: 32, height: 24 };
  const pixels = (value: number) => new Uint8Array(3 * size.width * size.height).fill(value);
  // light enough to be reached at 40 % alpha on white
  const pair = { size, edited: pixels(220), reconstructed: unlike(size.width, size.height) };
  const result = await pasteBack(photo, pair, wholeOf(photo), new Uint8Array(64 * 48).fill(255));
  expect(result.alpha).toBe(alpha);
  const looks = overWhite(result);
  alpha.forEach((value, i) => {
    for (let at = 3 * i; at < 3 * i + 3; at++) {
      if (value === 0) expect(result.rgb[at]).toBe(photo.rgb[at]);
      else expect(Math.abs((looks[at] as number) - 220)).toBeLessThanOrEqual(1);
    }
  });
});

test("an oblong part is pasted where it was cut out, and nowhere else", async () => {
  const photo = gradient(200, 150);
  const part = { left: 30, top: 90, width: 120, height: 40 };
  const size = { width: 60, height: 20 };
  // left half dark, right half light
  const edited = Uint8Array.from({ length: 3 * 60 * 20 }, (_, i) => (Math.floor(i / 3) % 60 < 30 ? 10 : 240));
  const pair = { size, edited, reconstructed: unlike(size.width, size.height) };
  const { data: mask } = await spreadMask({ width: 2, height: 1, data: Float32Array.of(1, 1) }, photo, part);
  const { rgb } = await pasteBack(photo, pair, part, mask);
  for (let y = 0; y < 150; y++)
    for (let x = 0; x < 200; x++) {
      const at = 3 * (y * 200 + x);
      const inside = x >= 30 && x < 150 && y >= 90 && y < 130;
      expect(mask[y * 200 + x]).toBe(inside ? 255 : 0);
      if (!inside) expect(rgb[at]).toBe(photo.rgb[at]);
      else if (Math.abs(x - 90) > 10) expect(rgb[at]).toBe(x < 90 ? 10 : 240);
    }
});

test("the square is the largest inside the photo, and lies above the middle of a tall one", () => {
  expect(portraitSquare(300, 200)).toEqual({ left: 50, top: 0, width: 200, height: 200 });
  expect(portraitSquare(200, 500)).toEqual({ left: 0, top: 100, width: 200, height: 200 });
});

test("a part of the photo is seen unchanged, with transparent places white", async () => {
  const alpha = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 5 === 0 ? 0 : 255));
  const photo = { ...gradient(64, 64), alpha };
  const part = { left: 7, top: 20, width: 24, height: 16 };
  const seen = fromModel(await toModel(photo, part, part));
  for (let y = 0; y < 16; y++)
    for (let x = 0; x < 24; x++) {
      const at = (20 + y) * 64 + 7 + x;
      expect(seen[3 * (y * 24 + x)]).toBe(alpha[at] === 0 ? 255 : photo.rgb[3 * at]);
    }
});

test("bytes survive conversion to the model's range and back", async () => {
  const photo = gradient(64, 64);
  const planar = await toModel(photo, wholeOf(photo), photo);
  expect(Math.min(...planar)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...planar)).toBeLessThanOrEqual(1);
  expect(fromModel(planar)).toEqual(photo.rgb);
});

test("a turned part is pasted where it was cut out: the photo comes back, and drawn content is turned", async () => {
  const [width, height] = [240, 200];
  const smooth = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return Math.round(128 + 60 * Math.sin(x / 19 + (i % 3)) + 50 * Math.cos(y / 23));
  });
  const photo: Photo = { width, height, rgb: smooth, alpha: null };
  const part = { left: 70, top: 50, width: 100, height: 100, roll: 0.5 };
  const seen = fromModel(await toModel(photo, part, SIZE));
  const ones = { width: 4, height: 4, data: new Float32Array(16).fill(1) };
  const mask = await spreadMask(ones, photo, part);
  expect(mask.data.reduce((sum, value) => sum + value, 0) / 255).toBeCloseTo(100 * 100, -2);
  // pasting back what the model saw gives the photo
  const pair = { edited: seen, reconstructed: unlike(SIZE.width, SIZE.height), size: SIZE };
  const back = await pasteBack(photo, pair, part, mask.data);
  for (let i = 0; i < mask.data.length; i++)
    for (let c = 0; c < 3; c++)
      expect(Math.abs((back.rgb[3 * i + c] as number) - (smooth[3 * i + c] as number))).toBeLessThan(
        mask.data[i] === 0 ? 1 : 6,
      );
});

test("a view beyond the photo's edge repeats the edge pixels, and is pasted only inside the photo", async () => {
  const photo = gradient(100, 90);
  const part = { left: -30, top: 10, width: 80, height: 80 };
  const seen = fromModel(await toModel(photo, part, { width: 80, height: 80 }));
  const at = (x: number, y: number) => seen[3 * (y * 80 + x)] as number;
  const own = (x: number, y: number) => photo.rgb[3 * (y * 100 + x)] as number;
  expect([at(5, 40), at(29, 40)]).toEqual([own(0, 50), own(0, 50)]);
  expect(at(40, 40)).toBe(own(10, 50));
  const { data } = await spreadMask({ width: 1, height: 1, data: Float32Array.of(1) }, photo, part);
  for (let y = 0; y < 90; y++)
    for (let x = 0; x < 100; x++) expect(data[y * 100 + x]).toBe(x < 50 && y >= 10 ? 255 : 0);
});

test("a drawn mask gives how much of each pixel is replaced", () => {
  const { data } = exactMask({ width: 4, height: 1, data: Float32Array.of(0, 0.02, 0.5, 1) });
  expect([...data]).toEqual([0, 5, 128, 255]);
});

test.each([0, 0.3])(
  "of a located mask only the cells above 0 are enlarged, up to the border of their part, turned by %s",
  async (roll) => {
    const [side, photo] = [8, { width: 90, height: 80 }];
    const part = { left: 10, top: -5, width: 80, height: 80, roll };
    const one = (cell: number) => {
      const data = new Float32Array(side * side);
      data[cell] = 1;
      return { width: side, height: side, data };
    };
    const cells = [0, 7, 27, 28, 56, 63];
    const each = await Promise.all(cells.map((cell) => spreadMask(one(cell), photo, part)));
    const all = one(0);
    for (const cell of cells) all.data[cell] = 1;
    const { data } = await spreadMask(all, photo, part);
    // bilinear weights of neighbours add up
    data.forEach((value, i) => {
      const sum = each.reduce((total, mask) => total + (mask.data[i] as number), 0);
      expect(Math.abs(value - sum)).toBeLessThanOrEqual(2);
    });
    expect(each.every((mask) => mask.data.some((value) => value > 200))).toBe(roll === 0);
  },
);
