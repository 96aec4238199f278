import sharp from "sharp";
import { expect, test } from "vitest";
import { REGIONS } from "../../../shared/regions.ts";
import type { Part } from "../../src/image/picture.ts";
import { MOVES, movesOf, showings, truthOf, wholeOf } from "./moves.ts";
import { column, diceIn, mean, meanMaskDice, regionsTable } from "./score.ts";
import { partOf, type TaughtPhoto } from "./truth.ts";

const SIDE = 64;
const PHOTO = { width: 300, height: 400 };
const FACE: Part = { left: 60, top: 90, width: 160, height: 160, roll: 0.2 };

/** A photo whose regions are all the right half of the square around the face. */
function halves(): TaughtPhoto {
  const masks = new Uint8Array(REGIONS.length * SIDE ** 2);
  masks.forEach((_, i) => {
    masks[i] = i % SIDE >= SIDE / 2 ? 255 : 0;
  });
  return { path: "photo.png", face: FACE, masks, side: SIDE };
}

/** The photo that shows its truth: white where the regions are. */
async function portrait(photo: TaughtPhoto): Promise<Buffer> {
  const [region] = truthOf(photo, PHOTO, wholeOf(PHOTO), PHOTO).regions as [Float32Array];
  const grey = Uint8Array.from(region, (value) => Math.round(255 * value));
  const pixels = await sharp(grey, { raw: { ...PHOTO, channels: 1 } })
    .toColourspace("srgb")
    .png()
    .toBuffer();
  return pixels;
}

test("reads a rotated square from its corners", () => {
  const [x, y, roll] = [100, 50, 0.3];
  const along = [80 * Math.cos(roll), 80 * Math.sin(roll)] as const;
  const corners = [
    [x, y],
    [x + along[0], y + along[1]],
    [x + along[0] - along[1], y + along[1] + along[0]],
    [x - along[1], y + along[0]],
  ] as const;
  const part = partOf(corners);
  expect(part.roll).toBeCloseTo(roll);
  expect(part.width).toBeCloseTo(80);
  expect(part.left + part.width / 2).toBeCloseTo((corners[0][0] + corners[2][0]) / 2);
  expect(part.top + part.height / 2).toBeCloseTo((corners[0][1] + corners[2][1]) / 2);
});

test("moves stay within their bounds, contain the face, and are always the same", () => {
  const moves = movesOf(FACE, PHOTO, 200, "a.jpg");
  expect(movesOf(FACE, PHOTO, 200, "a.jpg")).toEqual(moves);
  expect(movesOf(FACE, PHOTO, 1, "b.jpg")[0]).not.toEqual(moves[0]);
  for (const { left, top, width, roll = 0 } of moves) {
    expect(width).toBeGreaterThanOrEqual(300 / MOVES.near - 1e-9);
    expect(width).toBeLessThanOrEqual(300 / MOVES.far + 1e-9);
    expect(Math.abs(roll)).toBeLessThanOrEqual((MOVES.roll * Math.PI) / 180);
    const offset = [left + width / 2 - (FACE.left + 80), top + width / 2 - (FACE.top + 80)];
    for (const along of offset) expect(Math.abs(along)).toBeLessThanOrEqual(MOVES.shift * width + 1e-9);
  }
});

test("picture and truth move together", async () => {
  const photo = halves();
  for (const { bytes, truth, size, moved } of await showings(photo, await portrait(photo), 4)) {
    const grey = await sharp(bytes)
      .resize(size.width, size.height, { fit: "fill" })
      .greyscale()
      .raw()
      .toBuffer();
    const seen = Float32Array.from(grey, (value) => value / 255);
    expect(diceIn(seen, truth, 0), moved ? "moved" : "as it is").toBeGreaterThan(0.97);
  }
});

test("areas beyond the photo are not judged", () => {
  const far: Part = { left: -300, top: 0, width: 600, height: 400 };
  const { inside } = truthOf(halves(), PHOTO, far, { width: 60, height: 40 });
  expect(mean([...inside])).toBeCloseTo(0.5, 1);
  const everything = new Float32Array(60 * 40).fill(1);
  const nothing = { regions: [new Float32Array(60 * 40)], inside };
  expect(diceIn(everything, nothing, 0)).toBeNaN();
});

test("the mean mask uses other photos, never the photo itself", () => {
  const cells = 64 * 64;
  const block = (from: number) =>
    Float32Array.from({ length: cells }, (_, i) => Number(i >= from && i < from + 400));
  const picture = (photo: number, from: number) => ({
    photo,
    moved: false,
    truth: { regions: REGIONS.map(() => block(from)), inside: new Float32Array(cells).fill(1) },
  });
  expect(meanMaskDice([picture(0, 0), picture(1, 0)], false)[0]).toBe(1);
  expect(meanMaskDice([picture(0, 0), picture(0, 0), picture(1, 1000)], false)[0]).toBe(0);
});

test("the table has one row for each region and their mean", () => {
  const table = regionsTable({ one: column((region) => region / 17) });
  expect(table.split("\n")).toHaveLength(2 + REGIONS.length + 1);
  expect(table).toContain("| mean of 18 | 0.500 |");
});
