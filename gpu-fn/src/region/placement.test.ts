import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { portraitSquare } from "../image/crop.ts";
import type { Mask, Rectangle } from "../image/picture.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import type { GivenMask } from "./edit-region.ts";
import { type Placement, placeEdit } from "./placement.ts";

const [WIDTH, HEIGHT] = [2400, 1600];
const PHOTO = { width: WIDTH, height: HEIGHT, rgb: new Uint8Array(), alpha: null };
const SQUARE = portraitSquare(WIDTH, HEIGHT);

let dev: Manifest;
beforeAll(async () => {
  dev = await readManifest(join(import.meta.dirname, "../../models/flux-dev/manifest.json"));
});

/** A mask of 1 inside a rectangle of a grid and 0 outside it. */
function block(width: number, height: number, inside: Rectangle): Mask {
  const data = Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) - inside.left, Math.floor(i / width) - inside.top];
    return x >= 0 && x < inside.width && y >= 0 && y < inside.height ? 1 : 0;
  });
  return { width, height, data };
}

const place = (given: GivenMask, options: object = {}) =>
  placeEdit(
    { manifest: dev, grid: 64, unit: 16 },
    { photo: PHOTO, square: SQUARE },
    given,
    maskOptionsSchema.parse(options),
  );

/** Share of a token's area in the photo that a rectangle covers. */
function share({ window, grid }: Placement, token: number, of: Rectangle): number {
  const along = (start: number, length: number, count: number, at: number, low: number, high: number) => {
    const [from, to] = [start + (at * length) / count, start + ((at + 1) * length) / count];
    return Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from);
  };
  const { left, top, width, height } = window.part;
  return (
    along(left, width, grid.columns, token % grid.columns, of.left, of.left + of.width) *
    along(top, height, grid.rows, Math.floor(token / grid.columns), of.top, of.top + of.height)
  );
}

describe("the token mask of a window", () => {
  test.each([
    ["at the photo's scale", { left: 2101, top: 1203, width: 211, height: 87 }],
    ["reduced", { left: 77, top: 300, width: 1500, height: 401 }],
  ])("is 1 for each token that a drawn mask touches and 0 elsewhere, %s", async (_, box) => {
    const placed = await place({ mask: block(WIDTH, HEIGHT, box), over: null });
    const { tokens, grid, window } = placed;
    expect(grid).toEqual({ rows: window.size.height / 16, columns: window.size.width / 16 });
    expect([tokens.height, tokens.width]).toEqual([grid.rows, grid.columns]);
    tokens.data.forEach((value, token) => {
      const covered = share(placed, token, box);
      // a token that the rectangle touches without reaching the middle of a pixel may be either
      if (covered === 0) expect(value).toBe(0);
      else if (covered > 0.15) expect(value).toBe(1);
    });
  });

  test("matches the located mask in the square to within a cell, turned or not", async () => {
    const cells = { left: 30, top: 20, width: 8, height: 4 };
    const cell = SQUARE.width / 64;
    const box = {
      left: SQUARE.left + cells.left * cell,
      top: SQUARE.top + cells.top * cell,
      width: cells.width * cell,
      height: cells.height * cell,
    };
    // upside down, a region at the opposite place covers the same tokens
    const opposite = { ...cells, left: 64 - 38, top: 64 - 24 };
    for (const placed of [
      await place({ mask: block(64, 64, cells), over: SQUARE }),
      await place({ mask: block(64, 64, opposite), over: { ...SQUARE, roll: Math.PI } }),
    ]) {
      const grown = {
        left: box.left - cell,
        top: box.top - cell,
        width: box.width + 2 * cell,
        height: box.height + 2 * cell,
      };
      placed.tokens.data.forEach((value, i) => {
        // a quarter of a token counts as all of it; cells are enlarged smoothly
        if (share(placed, i, box) >= 0.3) expect(value).toBeGreaterThan(0.99);
        if (share(placed, i, grown) === 0) expect(value).toBe(0);
      });
      expect(placed.tokens.data.filter((value) => value === 1).length).toBeGreaterThan(8);
    }
  });

  test("is inverted, thresholded and grown in the same way as the paste mask", async () => {
    const box = { left: 1000, top: 700, width: 200, height: 200 };
    const mask = block(WIDTH, HEIGHT, box);
    const grown = await place({ mask, over: null }, { grow: 0.05 });
    expect(grown.paste.data.reduce((count, value) => count + Number(value === 255), 0)).toBe(360 * 360);
    const inverted = await place({ mask, over: null }, { invert: true });
    expect(inverted.window.part).toEqual({ left: 0, top: 0, width: WIDTH, height: HEIGHT });
    expect(inverted.tokens.data[0]).toBe(1);
    const faint = { ...mask, data: mask.data.map((value) => 0.6 * value) };
    const hard = await place({ mask: faint, over: null }, { threshold: 0.5 });
    expect(Math.max(...hard.tokens.data)).toBe(1);
  });
});

test("without a window, a located region goes on beyond the square and ends softly, a drawn one is cut", async () => {
  const { window: _, ...manifest } = dev;
  const square = { left: 800, top: 300, width: 800, height: 800 };
  const over = { left: 650, top: 150, width: 1100, height: 1100 };
  const seen = (given: GivenMask) =>
    placeEdit({ manifest, grid: 64, unit: 16 }, { photo: PHOTO, square }, given, maskOptionsSchema.parse({}));
  const hair = await seen({ mask: block(44, 44, { left: 15, top: 10, width: 14, height: 34 }), over });
  expect(hair.window.part).toEqual(square);
  const at = ({ paste }: Placement, y: number) => paste.data[y * WIDTH + 1200] as number;
  expect(Math.min(at(hair, 1050), at(hair, 1120))).toBeGreaterThan(250);
  expect(at(hair, 1200)).toBeLessThan(128);
  expect(at(hair, 1245)).toBeLessThan(10);
  const drawn = await seen({
    mask: block(WIDTH, HEIGHT, { left: 1100, top: 600, width: 200, height: 600 }),
    over: null,
  });
  expect([at(drawn, 1050), at(drawn, 1120)]).toEqual([255, 0]);
});
