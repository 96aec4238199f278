import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { decodeMask, growMask, invertMask, thresholdMask } from "./mask.ts";
import type { Mask } from "./picture.ts";

const SIZE = 64;

const masks = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.float({ min: 0, max: 1, noNaN: true }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((values): Mask => ({ width, height, data: Float32Array.from(values) })),
  );

describe("reading", () => {
  test("white is edited", async () => {
    const left = { create: { width: SIZE / 2, height: SIZE, channels: 3, background: "white" } } as const;
    const bytes = await sharp({ create: { width: SIZE, height: SIZE, channels: 3, background: "black" } })
      .composite([{ input: await sharp(left).png().toBuffer(), left: 0, top: 0 }])
      .png()
      .toBuffer();
    const { data } = await decodeMask(bytes, SIZE, SIZE);
    expect([data[0], data[SIZE - 1]]).toEqual([1, 0]);
  });

  test("a brush layer of one colour is read by its alpha", async () => {
    const alpha = Buffer.alloc(SIZE * SIZE, 0).fill(255, 0, SIZE);
    const bytes = await sharp({ create: { width: SIZE, height: SIZE, channels: 3, background: "#000" } })
      .joinChannel(alpha, { raw: { width: SIZE, height: SIZE, channels: 1 } })
      .png()
      .toBuffer();
    const { data } = await decodeMask(bytes, SIZE, SIZE);
    expect([data[0], data.at(-1)]).toEqual([1, 0]);
  });

  test("another size is refused, in words", async () => {
    const blank = { create: { width: 80, height: 70, channels: 3, background: "white" } } as const;
    const bytes = await sharp(blank).png().toBuffer();
    await expect(decodeMask(bytes, SIZE, SIZE)).rejects.toThrow("mask: it is 80×70, the photo is 64×64");
  });
});

test("growing takes the largest value of the square neighbourhood", () => {
  fc.assert(
    fc.property(masks, fc.double({ min: 0, max: 0.6, noNaN: true }), (mask, fraction) => {
      const radius = Math.round(fraction * Math.min(mask.width, mask.height));
      const { data } = growMask(mask, fraction);
      for (let y = 0; y < mask.height; y++)
        for (let x = 0; x < mask.width; x++) {
          let largest = 0;
          for (let v = Math.max(0, y - radius); v <= Math.min(mask.height - 1, y + radius); v++)
            for (let u = Math.max(0, x - radius); u <= Math.min(mask.width - 1, x + radius); u++)
              largest = Math.max(largest, mask.data[v * mask.width + u] as number);
          expect(data[y * mask.width + x]).toBe(largest);
        }
    }),
  );
});

test("inverting twice changes nothing beyond rounding; a threshold makes it hard", () => {
  fc.assert(
    fc.property(masks, (mask) => {
      const twice = invertMask(invertMask(mask));
      for (const [i, value] of twice.data.entries()) expect(value).toBeCloseTo(mask.data[i] ?? 0, 6);
      for (const value of thresholdMask(mask, 0.5).data) expect([0, 1]).toContain(value);
    }),
  );
});
