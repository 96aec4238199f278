import { expect, test } from "vitest";
import { pasteBack, pasteMask } from "./composite.ts";
import { fromModel, portraitSquare, toModel } from "./crop.ts";
import type { Photo } from "./decode.ts";

function gradient(width: number, height: number): Photo {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 31) % 256);
  return { width, height, rgb, alpha: null };
}

test("where the feathered mask is 0 the photo's bytes stay, where it is 255 the edit stands", async () => {
  const photo = gradient(150, 200);
  const square = portraitSquare(150, 200);
  const coverage = new Float32Array(32 * 32);
  for (let y = 8; y < 20; y++) for (let x = 10; x < 22; x++) coverage[y * 32 + x] = 1;
  const mask = await pasteMask({ width: 32, height: 32, data: coverage }, photo, square, 0.02);
  const edited = new Uint8Array(128 * 128 * 3).fill(200);
  const result = await pasteBack(photo, edited, 128, square, mask);
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
