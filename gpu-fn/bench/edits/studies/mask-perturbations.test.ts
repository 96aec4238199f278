import { expect, test } from "vitest";
import { intersectionOverUnion } from "../metrics.ts";
import { coarse, scatter } from "./mask-perturbations.ts";

const SIDE = 128;
/** A disc in the middle, a tenth of the picture. */
const disc = Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
  Math.hypot((i % SIDE) - 63.5, Math.floor(i / SIDE) - 63.5) < 23 ? 255 : 0,
);
const share = (mask: Uint8Array, where: (i: number) => boolean) => {
  let [hit, all] = [0, 0];
  mask.forEach((value, i) => {
    if (!where(i)) return;
    all++;
    if (value >= 128) hit++;
  });
  return hit / all;
};
const inside = (i: number) => disc[i] === 255;
const outside = (i: number) => disc[i] === 0;

test("noise is the seed's alone, and leaves its input as it was", () => {
  const before = disc.slice();
  expect(scatter(disc, SIDE, 7)).toEqual(scatter(disc, SIDE, 7));
  expect(scatter(disc, SIDE, 7)).not.toEqual(scatter(disc, SIDE, 8));
  expect(disc).toEqual(before);
});

test("noise takes a third of the region and hits about a tenth of the rest, whatever the seed", () => {
  for (let seed = 0; seed < 20; seed++) {
    const mask = scatter(disc, SIDE, seed);
    expect(share(mask, inside)).toBeGreaterThan(0.45);
    expect(share(mask, inside)).toBeLessThan(0.85);
    expect(share(mask, outside)).toBeGreaterThan(0.05);
    expect(share(mask, outside)).toBeLessThan(0.18);
    // 0.65 of a tenth, over a tenth and 0.12 of nine tenths: about a third.
    expect(intersectionOverUnion(mask, disc)).toBeGreaterThan(0.2);
    expect(intersectionOverUnion(mask, disc)).toBeLessThan(0.5);
  }
});

test("a coarse mask is the widened bounding box: all of the region, and far more", () => {
  const mask = coarse(disc, SIDE);
  expect(share(mask, inside)).toBe(1);
  // The disc's box is 46 wide, 16.1 are added on each side: 78² pixels.
  expect(mask.filter((value) => value === 255)).toHaveLength(78 * 78);
  expect(intersectionOverUnion(mask, disc)).toBeLessThan(0.3);
});

test("a coarse mask stays in the picture, and that of nothing is nothing", () => {
  const corner = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < 10; y++) corner.fill(255, y * SIDE, y * SIDE + 20);
  // 20 + 7 wide, 10 + 3 high (the margins of 7 and 3.5 reach no further pixel), clipped at the edge.
  expect(coarse(corner, SIDE).filter((value) => value === 255)).toHaveLength(27 * 13);
  expect(coarse(new Uint8Array(SIDE * SIDE), SIDE).every((value) => value === 0)).toBe(true);
});
