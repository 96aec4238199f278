import fc from "fast-check";
import { expect, test } from "vitest";
import { packLatent, ropeTables, timestepEmbedding, unpackLatent } from "./packing.ts";

test("property: unpacking undoes packing", () => {
  const size = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(size, size, size, (channels, rows, columns) => {
      const [height, width] = [2 * rows, 2 * columns];
      const latent = Float32Array.from({ length: channels * height * width }, (_, index) => index);
      const tokens = packLatent(latent, channels, height, width);
      expect(unpackLatent(tokens, channels, height, width)).toEqual(latent);
    }),
  );
});

test("a token holds 2x2 pixels of each channel, row by row", () => {
  const latent = Float32Array.from({ length: 2 * 2 * 4 }, (_, index) => index);
  expect([...packLatent(latent, 2, 2, 4).slice(0, 8)]).toEqual([0, 1, 4, 5, 8, 9, 12, 13]);
});

test("odd sides cannot be packed", () => {
  expect(() => packLatent(new Float32Array(6), 1, 3, 2)).toThrow(RangeError);
});

test("the origin is not rotated; position 1 rotates the fastest pair by one radian", () => {
  const { cos, sin } = ropeTables(Float32Array.of(0, 0, 0, 0, 1, 0), [2, 4, 2], 10000);
  expect([...cos.slice(0, 4), ...sin.slice(0, 4)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  expect(cos[5]).toBe(Math.fround(Math.cos(1)));
  expect(sin[6]).toBe(Math.fround(Math.sin(0.01)));
});

test("at time 0 all cosines are 1 and all sines 0", () => {
  const features = timestepEmbedding([0]);
  expect(features.slice(0, 128).every((value) => value === 1)).toBe(true);
  expect(features.slice(128).every((value) => value === 0)).toBe(true);
});
