import { expect, test } from "vitest";
import type { Located } from "../model/locator.ts";
import type { ImageFeatures } from "../model/pasl.ts";
import { look, lookedPart } from "./looks.ts";
import type { SeenPhoto } from "./seen-photo.ts";

const CELLS = 32;

/** A grey photo seen through a square, with an all-white model input. */
function seenThrough(square: SeenPhoto["square"], width = 640, height = 640): SeenPhoto {
  const photo = { width, height, rgb: new Uint8Array(3 * width * height).fill(128), alpha: null };
  return { photo, faces: [], drawn: null, square, image: new Float32Array(3 * 128 * 128).fill(1) };
}

/** A PASL whose mask of the square is 1 and of anything else 0, with a record of its inputs. */
function locator() {
  const given: (Float32Array | ImageFeatures)[] = [];
  const locate = async (
    picture: Float32Array | ImageFeatures,
    prompts: readonly string[],
  ): Promise<Located> => {
    given.push(picture);
    const near = (picture instanceof Float32Array ? picture : picture.data)[0] === 1;
    const features = { data: Float32Array.of(Number(near)), height: CELLS, width: CELLS };
    const mask = { height: CELLS, width: CELLS, data: new Float32Array(CELLS * CELLS).fill(Number(near)) };
    return { features, masks: prompts.map(() => mask) };
  };
  return { given, locate };
}

const FACE = { left: 200, top: 200, width: 256, height: 256 };

test("a square of any whole number of pixels can be looked around", async () => {
  const seen = seenThrough({ left: 201, top: 203, width: 251, height: 251 });
  const { over, masks } = await look(locator(), seen, ["hair"]);
  expect([over.left, over.top, over.width, masks[0]?.width]).toEqual([201 - 47, 203 - 47, 251 + 94, 44]);
});

test("a photo that is seen whole is looked at once, and PASL's masks are used unchanged", async () => {
  const seen = seenThrough({ left: 0, top: 0, width: 640, height: 640 });
  expect(lookedPart(seen)).toBe(seen.square);
  const { given, locate } = locator();
  const { masks, over, made } = await look({ locate }, seen, ["hair"]);
  expect([given.length, over, made.around]).toEqual([1, seen.square, undefined]);
  expect(masks[0]?.width).toBe(CELLS);
});

test("if the photo extends beyond the square, a second look covers the rest and the first keeps its place", async () => {
  const { given, locate } = locator();
  const { masks, over } = await look({ locate }, seenThrough(FACE), ["hair", "skin"]);
  expect(over).toEqual({ left: 152, top: 152, width: 352, height: 352 });
  expect([masks.length, given.length]).toEqual([2, 2]);
  const { width, data } = masks[0] as { width: number; data: Float32Array };
  expect(width).toBe(44);
  const row = [...data.subarray(22 * width, 23 * width)];
  expect(row.slice(0, 6)).toEqual(Array(6).fill(0));
  expect(row.slice(8, 36)).toEqual(Array(28).fill(1));
  expect(row.slice(38)).toEqual(Array(6).fill(0));
  expect(row.slice(6, 8)).toEqual([0.25, 0.75]);
});

test("outside the square only regions connected to the inside are found", async () => {
  const seen = seenThrough(FACE);
  const locate = async (
    picture: Float32Array | ImageFeatures,
    prompts: readonly string[],
  ): Promise<Located> => {
    const near = picture instanceof Float32Array && picture[0] === 1;
    const features = { data: new Float32Array(1), height: CELLS, width: CELLS };
    // hair in the square's right half, and everywhere in two columns outside the square
    const data = Float32Array.from({ length: CELLS * CELLS }, (_, cell) => {
      const column = cell % CELLS;
      return Number(near ? column >= CELLS / 2 : column < 2 || column >= CELLS - 8);
    });
    return { features, masks: prompts.map(() => ({ height: CELLS, width: CELLS, data })) };
  };
  const { masks } = await look({ locate }, seen, ["hair"]);
  const { width, data } = masks[0] as { width: number; data: Float32Array };
  const row = [...data.subarray(22 * width, 23 * width)];
  expect(row.slice(0, 6)).toEqual(Array(6).fill(0));
  expect(row.slice(24)).toEqual(Array(20).fill(1));
});

test("what ends within the square is not looked for around it, and its mask stays where the first look saw it", async () => {
  const given: (readonly string[])[] = [];
  const features = { data: new Float32Array(1), height: CELLS, width: CELLS };
  /** A mask in the middle of the square, and for hair up to its left border; around the square, something everywhere. */
  const locate = async (picture: Float32Array | ImageFeatures, prompts: readonly string[]) => {
    given.push(prompts);
    const near = picture instanceof Float32Array && picture[0] === 1;
    const masks = prompts.map((prompt) => {
      const data = Float32Array.from({ length: CELLS * CELLS }, (_, cell) => {
        const [column, row] = [cell % CELLS, Math.floor(cell / CELLS)];
        if (!near) return 0.5;
        return Number(column >= (prompt === "hair" ? 0 : 8) && column < 24 && row >= 8 && row < 24);
      });
      return { height: CELLS, width: CELLS, data };
    });
    return { features, masks };
  };
  const alone = await look({ locate }, seenThrough(FACE), ["glasses"]);
  expect(given).toEqual([["glasses"]]);
  expect([alone.over.width, alone.made.around]).toEqual([352, undefined]);
  const { width, data } = alone.masks[0] as { width: number; data: Float32Array };
  const row = [...data.subarray(22 * width, 23 * width)];
  expect(row).toEqual(row.map((_, column) => Number(column >= 6 + 8 && column < 6 + 24)));
  const both = await look({ locate }, seenThrough(FACE), ["glasses", "hair"]);
  expect(given.slice(1)).toEqual([["glasses", "hair"], ["hair"]]);
  expect(both.masks[0]).toEqual(alone.masks[0]);
  expect(both.masks[1]?.data[22 * width]).toBe(0.5);
  expect(both.made.around).toBe(features);
});

test("the second look has the same roll as the first", () => {
  const turned = { ...FACE, roll: 0.4 };
  const over = lookedPart(seenThrough(turned));
  expect(over.roll).toBe(0.4);
  expect(over.left + over.width / 2).toBe(turned.left + turned.width / 2);
});

test("another prompt on the same photo reuses the image features", async () => {
  const seen = seenThrough(FACE);
  const first = locator();
  const { made, masks } = await look(first, seen, ["hair"]);
  const again = locator();
  const later = await look(again, { ...seen, ...made }, ["hair"]);
  expect(later.masks).toEqual(masks);
  expect(again.given.every((picture) => !(picture instanceof Float32Array))).toBe(true);
});
