import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { decodeMask } from "./drawn-mask.ts";
import type { Photo } from "./picture.ts";

const SIZE = 64;

const rgb = Uint8Array.from({ length: 3 * SIZE * SIZE }, (_, i) => (i * 29 + (i >> 6)) % 256);
const photo: Photo = { width: SIZE, height: SIZE, rgb, alpha: null };

type Rgba = readonly [number, number, number, number];

/** A mask drawn by a function of each pixel. */
function drawn(pixel: (x: number, y: number) => Rgba, size = SIZE): Promise<Buffer> {
  const bytes = new Uint8Array(4 * size * size);
  for (let i = 0; i < size * size; i++) bytes.set(pixel(i % size, Math.floor(i / size)), 4 * i);
  return sharp(bytes, { raw: { width: size, height: size, channels: 4 } })
    .png()
    .toBuffer();
}

/** Whether the mask is 1 in the block from 10 to 20 and 0 elsewhere. */
async function expectBlock(bytes: Buffer): Promise<void> {
  const { data } = await decodeMask(bytes, photo);
  data.forEach((value, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    expect(value).toBeCloseTo(inBlock(x, y) ? 1 : 0, 5);
  });
}

const inBlock = (x: number, y: number) => x >= 10 && x < 20 && y >= 10 && y < 20;

describe("a mask is read", () => {
  test.each<[string, Rgba, Rgba]>([
    ["in black and white", [255, 255, 255, 255], [0, 0, 0, 255]],
    ["in black and white, its black half transparent", [255, 255, 255, 255], [0, 0, 0, 140]],
    ["as red strokes on a transparent layer", [230, 20, 40, 255], [0, 0, 0, 0]],
    ["as black strokes on a transparent layer", [0, 0, 0, 255], [0, 0, 0, 0]],
    ["as strokes on a layer that is transparent white", [10, 90, 200, 255], [255, 255, 255, 0]],
  ])("%s", async (_, inside, outside) => {
    await expectBlock(await drawn((x, y) => (inBlock(x, y) ? inside : outside)));
  });

  test("as a photo with a transparent hole: the hole is edited, as in OpenAI's API", async () => {
    const at = (x: number, y: number, c: number) => photo.rgb[3 * (y * SIZE + x) + c] as number;
    const bytes = await drawn((x, y) =>
      inBlock(x, y) ? [0, 0, 0, 0] : [at(x, y, 0), at(x, y, 1), at(x, y, 2), 255],
    );
    await expectBlock(bytes);
    expect((await decodeMask(bytes, photo)).hole).toBe(true);
  });
});

describe("a mask is refused", () => {
  test("if it is opaque around a hole and is not the photo, since two conventions read it in opposite ways", async () => {
    const bytes = await drawn((x, y) => (inBlock(x, y) ? [0, 0, 0, 0] : [0, 0, 0, 255]));
    await expect(decodeMask(bytes, photo)).rejects.toMatchObject({
      code: "mask_invalid",
      message: expect.stringContaining("OpenAI"),
    });
  });

  test("if nothing in it is white: all black, or values of 0 and 1", async () => {
    const black = await drawn(() => [0, 0, 0, 255]);
    await expect(decodeMask(black, photo)).rejects.toMatchObject({ code: "mask_empty" });
    const ones = await drawn((x, y) => (inBlock(x, y) ? [1, 1, 1, 255] : [0, 0, 0, 255]));
    await expect(decodeMask(ones, photo)).rejects.toThrow("its brightest value is 1");
  });

  test("if its size is not the photo's", async () => {
    const bytes = await drawn(() => [255, 255, 255, 255], 80);
    await expect(decodeMask(bytes, photo)).rejects.toThrow("mask: it is 80×80, the photo is 64×64");
  });
});
