import { expect, test } from "vitest";
import { keptDetail } from "./kept-detail.ts";

const SIZE = { width: 40, height: 24 };

/** Grey pixels, as RGB. */
const picture = (level: (x: number, y: number) => number) =>
  Uint8Array.from({ length: 3 * SIZE.width * SIZE.height }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return level(pixel % SIZE.width, Math.floor(pixel / SIZE.width));
  });

const strands = (x: number) => 90 + 60 * Math.sin(x);
const at = (kept: Uint8Array, x: number, y: number) => kept[y * SIZE.width + x] as number;

test("all of the photo's detail stays where nothing changes, and where only brightness does", () => {
  const reconstructed = picture(strands);
  for (const brighter of [0, 40]) {
    const edited = picture((x) => strands(x) + brighter);
    expect(Math.min(...keptDetail({ edited, reconstructed }, SIZE))).toBeGreaterThanOrEqual(254);
  }
});

test("what is drawn flatter keeps less, and nothing stays where the shape is another", () => {
  const reconstructed = picture(strands);
  const flatter = keptDetail({ edited: picture((x) => 60 + strands(x) / 2), reconstructed }, SIZE);
  expect(at(flatter, 20, 12)).toBeGreaterThan(50);
  expect(at(flatter, 20, 12)).toBeLessThan(100);
  const other = keptDetail({ edited: picture((_, y) => strands(y)), reconstructed }, SIZE);
  expect(at(other, 20, 12)).toBeLessThan(20);
  const opposite = keptDetail({ edited: picture((x) => 180 - strands(x)), reconstructed }, SIZE);
  expect(Math.max(...opposite)).toBe(0);
});

test("all of it stays where the edit has more contrast of the same shape", () => {
  const stronger = picture((x) => 127 + 1.4 * (strands(x) - 90));
  const kept = keptDetail({ edited: stronger, reconstructed: picture(strands) }, SIZE);
  expect(at(kept, 20, 12)).toBeGreaterThan(245);
});

test("an edit of one place leaves the others alone", () => {
  const reconstructed = picture(strands);
  const edited = picture((x, y) => (x < 10 ? 255 - strands(y) : strands(x)));
  const kept = keptDetail({ edited, reconstructed }, SIZE);
  expect(at(kept, 4, 12)).toBeLessThan(30);
  for (let x = 12; x < SIZE.width; x++) expect(at(kept, x, 12)).toBe(255);
});
