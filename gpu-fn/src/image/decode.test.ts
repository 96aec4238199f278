import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { decodePhoto } from "./decode.ts";

const WIDTH = 96;
const HEIGHT = 64;

/** A picture in which every pixel differs, so that any rotation, shift or crop shows. */
const pixels = Buffer.from(
  Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 7 + Math.floor(i / (WIDTH * 3)) * 13) % 256),
);
const picture = () => sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

async function codeOf(bytes: Uint8Array): Promise<string> {
  const error = await decodePhoto(bytes).then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).message).not.toContain("\n");
  return (error as InputError).code;
}

describe("accepts", () => {
  test("PNG, byte for byte", async () => {
    const photo = await decodePhoto(await picture().png().toBuffer());
    expect([photo.width, photo.height, photo.alpha]).toEqual([WIDTH, HEIGHT, null]);
    expect(Buffer.from(photo.rgb).equals(pixels)).toBe(true);
  });

  test.each(["jpeg", "webp", "avif"] as const)("%s", async (format) => {
    const photo = await decodePhoto(await picture().toFormat(format).toBuffer());
    expect([photo.width, photo.height]).toEqual([WIDTH, HEIGHT]);
  });

  /** Where pixel (x, y) of the upright picture lies in the file, by orientation (EXIF 2.3, tag 0x0112). */
  const stored: Readonly<Record<number, (x: number, y: number) => [x: number, y: number]>> = {
    1: (x, y) => [x, y],
    2: (x, y) => [WIDTH - 1 - x, y],
    3: (x, y) => [WIDTH - 1 - x, HEIGHT - 1 - y],
    4: (x, y) => [x, HEIGHT - 1 - y],
    5: (x, y) => [y, x],
    6: (x, y) => [y, HEIGHT - 1 - x],
    7: (x, y) => [WIDTH - 1 - y, HEIGHT - 1 - x],
    8: (x, y) => [WIDTH - 1 - y, x],
  };

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("EXIF orientation %i is applied, to alpha too", async (orientation) => {
    const alpha = Buffer.from(pixels.filter((_, i) => i % 3 === 1));
    const bytes = await picture()
      .joinChannel(alpha, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
      .withMetadata({ orientation })
      .png()
      .toBuffer();
    const photo = await decodePhoto(bytes);
    const turned = orientation > 4;
    expect([photo.width, photo.height]).toEqual(turned ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT]);
    const upright = Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
      const [x, y] = stored[orientation]?.(i % photo.width, Math.floor(i / photo.width)) ?? [];
      return (y as number) * WIDTH + (x as number);
    });
    expect(Buffer.from(photo.rgb)).toEqual(
      Buffer.concat(upright.map((at) => pixels.subarray(3 * at, 3 * at + 3))),
    );
    expect(Buffer.from(photo.alpha ?? [])).toEqual(Buffer.from(upright.map((at) => alpha[at] as number)));
  });
});

describe("refuses", () => {
  test("noise, text, SVG and GIF", async () => {
    expect(await codeOf(new Uint8Array(500).fill(7))).toBe("image_undecodable");
    expect(await codeOf(Buffer.from("hello"))).toBe("image_undecodable");
    const svg = "<svg xmlns='http://www.w3.org/2000/svg' width='99' height='99'/>";
    expect(await codeOf(Buffer.from(svg))).toBe("image_undecodable");
    expect(await codeOf(await picture().gif().toBuffer())).toBe("image_undecodable");
    expect(await codeOf(new Uint8Array())).toBe("image_undecodable");
  });

  test.each(["png", "jpeg", "webp"] as const)("a truncated %s", async (format) => {
    const bytes = await picture().toFormat(format).toBuffer();
    for (const share of [0.3, 0.7, 0.95])
      expect(await codeOf(bytes.subarray(0, Math.floor(bytes.length * share)))).toBe("image_undecodable");
  });

  test("an animation", async () => {
    const frames = [await picture().png().toBuffer(), await picture().negate().png().toBuffer()];
    expect(
      await codeOf(
        await sharp(frames, { join: { animated: true } })
          .webp()
          .toBuffer(),
      ),
    ).toBe("image_animated");
    const png = await picture().png().toBuffer();
    const animationControl = Buffer.from("0000000861635443000000020000000000000000", "hex");
    animationControl.write("acTL", 4, "latin1");
    const animated = Buffer.concat([png.subarray(0, 33), animationControl, png.subarray(33)]);
    expect(await codeOf(animated)).toBe("image_animated");
  });

  test("a side below 64 pixels, and more than 25 megapixels", async () => {
    const dot = sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } });
    expect(await codeOf(await dot.png().toBuffer())).toBe("image_too_small");
    const field = sharp({ create: { width: 6000, height: 5000, channels: 3, background: "red" } });
    expect(await codeOf(await field.png({ compressionLevel: 1 }).toBuffer())).toBe("image_too_large");
  });
});
