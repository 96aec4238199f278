// Pictures that are small as files and huge as pixels: refused by their headers, before anything is decoded.
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { expect, test } from "vitest";
import { jpeg, pngChunk, u32, webp } from "../../../edge/test/pictures.ts";
import { openImage } from "../../../gpu-fn/src/image/decode.ts";
import { decodeGreyHere, decodePhotoHere } from "../../../gpu-fn/src/image/decoder/decode-here.ts";
import { IMAGE_LIMITS } from "../../../shared/image.ts";

const SIDE = 40_000;

/** A whole PNG of 1.6 gigapixels, black, 1 bit a pixel: 200 MB of rows in a file of 200 kB. */
const bomb = Uint8Array.from([
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  ...pngChunk("IHDR", [...u32(SIDE), ...u32(SIDE), 1, 0, 0, 0, 0]),
  ...pngChunk("IDAT", deflateSync(new Uint8Array((SIDE / 8 + 1) * SIDE), { level: 9 })),
  ...pngChunk("IEND", []),
]);

/** Grows by what an answer took, in bytes; `rss` counts libvips' memory as well. */
async function memoryOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.resourceUsage().maxRSS;
  await work();
  return (process.resourceUsage().maxRSS - before) * 1024;
}

test("a bomb is refused as a photo and as a kept mask, at once and without using memory", async () => {
  expect(bomb.length).toBeLessThan(IMAGE_LIMITS.bytes / 10);
  const begun = process.cpuUsage();
  const grown = await memoryOf(async () => {
    await expect(decodePhotoHere(bomb)).rejects.toMatchObject({ code: "image_too_large" });
    await expect(decodeGreyHere(bomb)).rejects.toMatchObject({ code: "mask_invalid" });
  });
  expect(process.cpuUsage(begun).user).toBeLessThan(500_000);
  expect(grown).toBeLessThan(50_000_000);
});

test.each([
  ["JPEG", jpeg(65_000, 65_000)],
  ["WebP", webp(16_383, 16_383)],
] as const)("refuses a %s whose header claims too many pixels", async (_, bytes) => {
  const { code } = await decodePhotoHere(bytes).then(
    () => ({ code: "taken" }),
    (error: { code: string }) => error,
  );
  expect(["image_too_large", "image_undecodable"]).toContain(code);
});

test("the decoder itself counts pixels too: a header that understates them does not help", async () => {
  await expect(openImage(bomb, IMAGE_LIMITS.pixels).raw().toBuffer()).rejects.toThrow(/pixel limit/);
});

test("a JPEG of many scans is given up, not decoded scan by scan", async () => {
  const create = { width: 3_000, height: 3_000, channels: 3, background: "red" } as const;
  const whole = await sharp({ create }).jpeg({ progressive: true }).toBuffer();
  const scan = whole.subarray(whole.lastIndexOf(Uint8Array.of(0xff, 0xda)), -2);
  const scans = Buffer.concat([
    whole.subarray(0, -2),
    ...new Array<Buffer>(5_000).fill(scan),
    whole.subarray(-2),
  ]);
  const begun = process.cpuUsage();
  await expect(decodePhotoHere(scans)).rejects.toMatchObject({ code: "image_undecodable" });
  expect(process.cpuUsage(begun).user).toBeLessThan(5_000_000);
});
