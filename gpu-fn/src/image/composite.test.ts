import { expect, test } from "vitest";
import { pasteBack, pasteMask } from "./composite.ts";
import { fromModel, portraitSquare, type Square, toModel } from "./crop.ts";
import type { Photo } from "./decode.ts";

function gradient(width: number, height: number): Photo {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 31) % 256);
  return { width, height, rgb, alpha: null };
}

async function blockMask(photo: Photo, square: Square): Promise<Uint8Array> {
  const data = new Float32Array(32 * 32);
  for (let y = 8; y < 20; y++) for (let x = 10; x < 22; x++) data[y * 32 + x] = 1;
  return pasteMask({ width: 32, height: 32, data }, photo, square, 0.02);
}

test("where the feathered mask is 0 the photo's bytes stay, where it is 255 a clear change stands", async () => {
  const photo = gradient(150, 200);
  const square = portraitSquare(150, 200);
  const mask = await blockMask(photo, square);
  const pair = {
    edited: new Uint8Array(128 * 128 * 3).fill(200),
    reconstructed: new Uint8Array(128 * 128 * 3).fill(90),
  };
  const result = await pasteBack(photo, pair, 128, square, mask);
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
  const still = await pasteBack(photo, { edited: reconstructed, reconstructed }, 128, square, mask);
  expect(still.rgb).toEqual(photo.rgb);
  const edited = reconstructed.map((value) => value + 6);
  const moved = await pasteBack(photo, { edited, reconstructed }, 128, square, mask);
  const inside = mask.indexOf(255);
  expect(moved.rgb[3 * inside]).toBe(Math.min(255, (photo.rgb[3 * inside] as number) + 6));
});

test("the square is the largest, inside the photo, and higher than the middle in a tall one", () => {
  expect(portraitSquare(300, 200)).toEqual({ left: 50, top: 0, side: 200 });
  expect(portraitSquare(200, 500)).toEqual({ left: 0, top: 100, side: 200 });
});

test("bytes survive the way to the model's range and back", async () => {
  const photo = gradient(64, 64);
  const planar = await toModel(photo, { left: 0, top: 0, side: 64 }, 64);
  expect(Math.min(...planar)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...planar)).toBeLessThanOrEqual(1);
  expect(fromModel(planar)).toEqual(photo.rgb);
});
