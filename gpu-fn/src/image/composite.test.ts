import { expect, test } from "vitest";
import { pasteBack, pasteMask } from "./composite.ts";
import { fromModel, overWhite, portraitSquare, toModel, wholeOf } from "./crop.ts";
import type { Photo, Rectangle } from "./picture.ts";

const SIZE = { width: 128, height: 128 };

function gradient(width: number, height: number): Photo {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 31) % 256);
  return { width, height, rgb, alpha: null };
}

async function blockMask(photo: Photo, square: Rectangle): Promise<Uint8Array> {
  const data = new Float32Array(32 * 32);
  for (let y = 8; y < 20; y++) for (let x = 10; x < 22; x++) data[y * 32 + x] = 1;
  return pasteMask({ width: 32, height: 32, data }, photo, square, 0.02);
}

test("where the feathered mask is 0 the photo's bytes stay, where it is 255 a clear change stands", async () => {
  const photo = gradient(150, 200);
  const square = portraitSquare(150, 200);
  const mask = await blockMask(photo, square);
  const pair = {
    size: SIZE,
    edited: new Uint8Array(128 * 128 * 3).fill(200),
    reconstructed: new Uint8Array(128 * 128 * 3).fill(90),
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

test("inside the mask, what the edit did not move keeps the photo's detail, and a slight move is added", async () => {
  const photo = gradient(150, 200);
  const square = portraitSquare(150, 200);
  const mask = await blockMask(photo, square);
  const reconstructed = new Uint8Array(128 * 128 * 3).fill(100);
  const still = await pasteBack(photo, { edited: reconstructed, reconstructed, size: SIZE }, square, mask);
  expect(still.rgb).toEqual(photo.rgb);
  const edited = reconstructed.map((value) => value + 6);
  const moved = await pasteBack(photo, { edited, reconstructed, size: SIZE }, square, mask);
  const inside = mask.indexOf(255);
  expect(moved.rgb[3 * inside]).toBe(Math.min(255, (photo.rgb[3 * inside] as number) + 6));
});

test("a half transparent pixel looks on white as the edit does; alpha stays, and nothing shows through 0", async () => {
  const alpha = Uint8Array.from({ length: 64 * 48 }, (_, i) => [0, 102, 255][i % 3] as number);
  const photo = { ...gradient(64, 48), alpha };
  const size = { width: 32, height: 24 };
  const pixels = (value: number) => new Uint8Array(3 * size.width * size.height).fill(value);
  // far enough from each other that the edit stands alone, and light enough to be had at 40 % on white
  const pair = { size, edited: pixels(220), reconstructed: pixels(100) };
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

test("an oblong part is laid where it was cut, and nowhere else", async () => {
  const photo = gradient(200, 150);
  const part = { left: 30, top: 90, width: 120, height: 40 };
  const size = { width: 60, height: 20 };
  // left half dark, right half light
  const edited = Uint8Array.from({ length: 3 * 60 * 20 }, (_, i) => (Math.floor(i / 3) % 60 < 30 ? 10 : 240));
  const pair = { size, edited, reconstructed: new Uint8Array(edited.length).fill(125) };
  const mask = await pasteMask({ width: 2, height: 1, data: Float32Array.of(1, 1) }, photo, part, 0);
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

test("the square is the largest, inside the photo, and higher than the middle in a tall one", () => {
  expect(portraitSquare(300, 200)).toEqual({ left: 50, top: 0, width: 200, height: 200 });
  expect(portraitSquare(200, 500)).toEqual({ left: 0, top: 100, width: 200, height: 200 });
});

test("a part of the photo is seen as it is there, transparent places white", async () => {
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

test("bytes survive the way to the model's range and back", async () => {
  const photo = gradient(64, 64);
  const planar = await toModel(photo, wholeOf(photo), photo);
  expect(Math.min(...planar)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...planar)).toBeLessThanOrEqual(1);
  expect(fromModel(planar)).toEqual(photo.rgb);
});
