import fc from "fast-check";
import { expect, test } from "vitest";
import { correlate, spectraOf, syncInPlace } from "./correlate.ts";
import { patternsOf, TILE, tileOf } from "./pattern.ts";

const patterns = patternsOf("the secret of a deployment in a test");
const spectra = spectraOf(patterns);
const cells = TILE * TILE;
const tiles = fc
  .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: cells, maxLength: cells })
  .map((values) => Float64Array.from(values));

test("spectra give the same sums as adding over the cells, for every shift of the pattern", () => {
  fc.assert(
    fc.property(tiles, fc.nat(TILE - 1), fc.nat(TILE - 1), (tile, right, down) => {
      let sum = 0;
      for (let y = 0; y < TILE; y++)
        for (let x = 0; x < TILE; x++)
          sum +=
            (patterns.message[y * TILE + x] as number) *
            (tile[((y + down) % TILE) * TILE + ((x + right) % TILE)] as number);
      const { sync, message } = correlate(tile, spectra);
      const length = Math.hypot(...tile) || 1;
      expect(message[down * TILE + right]).toBeCloseTo(sum / length, 6);
      expect(sync[0]).toBeCloseTo(syncInPlace(tile, patterns), 6);
    }),
    { numRuns: 10 },
  );
});

test("a tile's own payload stands out: both patterns reach 1/√2 of the maximum", () => {
  const payload = 1234;
  const { sync, message } = correlate(Float64Array.from(tileOf(patterns, payload)), spectra);
  const most = TILE * Math.SQRT1_2;
  expect(Math.max(...sync)).toBe(sync[0]);
  expect(Math.max(...message)).toBe(message[payload]);
  for (const peak of [sync[0], message[payload]]) expect(peak).toBeGreaterThan(0.95 * most);
});

test("the scores of one picture under many keys stay within the bound on chance", () => {
  const tile = Float64Array.from({ length: cells }, (_, i) => Math.sin(i * i));
  const scores = Array.from({ length: 2_000 }, (_, i) => syncInPlace(tile, patternsOf(`key ${i}`)));
  const squares = scores.reduce((sum, score) => sum + score * score, 0) / scores.length;
  expect(squares).toBeGreaterThan(0.9);
  expect(squares).toBeLessThan(1.1);
  // exp(−3²/2) = 1.1 % may lie above 3
  expect(scores.filter((score) => score >= 3).length / scores.length).toBeLessThan(Math.exp(-4.5));
});
