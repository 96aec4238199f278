import { expect, test } from "vitest";
import { fromModel, toModel } from "../../../src/image/crop.ts";
import type { Part, Photo } from "../../../src/image/picture.ts";
import { drawnPhoto, picturesOver } from "./pictures.ts";

const SIDE = 64;
const size = { width: 200, height: 240 };
/** A soft slope of grey, so that resampling loses nothing. */
const photo: Photo = {
  ...size,
  rgb: Uint8Array.from(
    { length: 3 * size.width * size.height },
    (_, i) => 40 + (Math.floor(i / 3) % size.width) / 2,
  ),
  alpha: null,
};
const square: Part = { left: 50, top: 60, width: 96, height: 96, roll: 0.3 };
/** A disc in the middle of the square: full inside, soft towards its rim. */
const mask = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
  const far = Math.hypot((i % SIDE) + 0.5 - SIDE / 2, Math.floor(i / SIDE) + 0.5 - SIDE / 2);
  return Math.max(0, Math.min(255, Math.round(32 * (16 - far))));
});
const before = new Uint8Array(3 * SIDE * SIDE).fill(90);
/** Red is raised by up to 100. */
const after = before.map((value, i) =>
  i % 3 === 0 ? value + Math.round((100 * (mask[i / 3] as number)) / 255) : value,
);
const centre = [SIDE / 2, SIDE / 2] as const;
const landmarks = {
  leftEye: centre,
  rightEye: centre,
  nose: [98, 108],
  leftMouth: centre,
  rightMouth: centre,
} as const;
const drawn = { square, side: SIDE, before, after, mask, landmarks };

test("the photo with the attribute is the photo beyond what was drawn on, to the byte", () => {
  const { rgb } = drawnPhoto(photo, drawn);
  const [x, y] = [square.left + 48, square.top + 48];
  const wrong: number[] = [];
  let changed = 0;
  for (let pixel = 0; pixel < size.width * size.height; pixel++) {
    const far = Math.hypot((pixel % size.width) + 0.5 - x, Math.floor(pixel / size.width) + 0.5 - y);
    const change = [0, 1, 2].map(
      (c) => (rgb[3 * pixel + c] as number) - (photo.rgb[3 * pixel + c] as number),
    );
    const asDrawn =
      far > 27 ? change.every((value) => value === 0) : far > 10 || String(change) === "100,0,0";
    if (!asDrawn) wrong.push(pixel);
    if (change[0]) changed++;
  }
  expect(wrong).toEqual([]);
  expect(changed).toBeGreaterThan(Math.PI * 20 ** 2);
});

test.each([
  ["the same square", square],
  ["another, upright", { left: 40, top: 50, width: 120, height: 120 }],
])("seen in %s, the truth is the photo with the attribute", async (_, part) => {
  const { source, truth, region, touched } = await picturesOver(photo, drawn, part, 96);
  const seen = fromModel(await toModel(drawnPhoto(photo, drawn), part, { width: 96, height: 96 }));
  const furthest = seen.reduce((most, value, i) => Math.max(most, Math.abs(value - (truth[i] as number))), 0);
  expect(furthest).toBeLessThan(12); // kernels differ at the rim
  let [inside, anywhere] = [0, 0];
  region.forEach((value, pixel) => {
    const change = Math.abs((truth[3 * pixel] as number) - (source[3 * pixel] as number));
    if (value) expect(touched?.[pixel]).toBe(255);
    if (!touched?.[pixel]) expect(change).toBeLessThanOrEqual(4);
    inside += Number(value === 255);
    anywhere += Number(touched?.[pixel] === 255);
  });
  expect(inside).toBeGreaterThan(100);
  expect(anywhere).toBeGreaterThan(inside);
});

test("a shade that covers little everywhere has a region, too", async () => {
  const faint = mask.map((value) => Math.round(value / 5));
  const strong = await picturesOver(photo, drawn, square, 96);
  const weak = await picturesOver(photo, { ...drawn, mask: faint }, square, 96);
  const count = (region: Uint8Array) => region.filter((value) => value > 0).length;
  expect(count(weak.region)).toBeGreaterThan(0.9 * count(strong.region));
});

test("landmarks move with what is seen", async () => {
  const { landmarks: found } = await picturesOver(
    photo,
    drawn,
    { left: 50, top: 60, width: 96, height: 96 },
    192,
  );
  for (const place of found?.nose ?? [0]) expect(place).toBeCloseTo(96, 9);
});
