// Files in other colour spaces, depths and channels, written by libvips, are decoded to 8-bit sRGB with their alpha.
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { decodePhoto } from "./decode.ts";

const [WIDTH, HEIGHT] = [96, 64];
const RAW = { width: WIDTH, height: HEIGHT, channels: 3 } as const;

function painted(colour: (x: number, y: number) => readonly [number, number, number]): Buffer {
  const at = (i: number) => colour(i % WIDTH, Math.floor(i / WIDTH));
  return Buffer.from(Array.from({ length: WIDTH * HEIGHT }, (_, i) => at(i)).flat());
}

/** Strong colours: in a wider space their values differ by up to 30. */
const strong = painted((x, y) => [80 + x, 60 + 2 * y, 200 - x - y]);
/** Colours of skin and cloth, which ink can print. */
const muted = painted((x, y) => [140 + x / 2, 110 + y / 2, 90 + x / 3]);

const picture = (pixels: Buffer) => sharp(pixels, { raw: RAW });
const furthest = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);

const meanDifference = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;

test.each(["jpeg", "webp", "avif"] as const)(
  "a %s with an EXIF rotation is decoded upright",
  async (format) => {
    const bytes = await picture(strong).withMetadata({ orientation: 6 }).toFormat(format).toBuffer();
    const photo = await decodePhoto(bytes);
    expect([photo.width, photo.height]).toEqual([HEIGHT, WIDTH]);
    const turned = await picture(strong).rotate(90).raw().toBuffer();
    expect(meanDifference(photo.rgb, turned)).toBeLessThan(4);
    expect(meanDifference(photo.rgb, await picture(strong).rotate(270).raw().toBuffer())).toBeGreaterThan(20);
  },
);

describe("an embedded profile is converted", () => {
  const lossless: readonly [string, (image: Sharp) => Sharp][] = [
    ["8 bits", (image) => image.png()],
    ["16 bits", (image) => image.toColourspace("rgb16").png()],
    ["WebP", (image) => image.webp({ lossless: true })],
    ["JPEG", (image) => image.jpeg({ quality: 100, chromaSubsampling: "4:4:4" })],
  ];
  const cases = lossless.flatMap(([name, write]) =>
    (["p3", "srgb"] as const).map((profile) => ({ name, profile, write })),
  );

  test.each(cases)("$name, $profile", async ({ profile, write }) => {
    const bytes = await write(picture(strong).withIccProfile(profile)).toBuffer();
    const { icc } = await sharp(bytes).metadata();
    expect(icc?.length).toBeGreaterThan(0);
    expect(furthest((await decodePhoto(bytes)).rgb, strong)).toBeLessThanOrEqual(4);
  });

  test("the file's own values differ, so an ignored profile would show", async () => {
    const bytes = await picture(strong).withIccProfile("p3").png().toBuffer();
    const numbers = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect(furthest(numbers, strong)).toBeGreaterThan(15);
  });

  test("with alpha and with an EXIF rotation too", async () => {
    const bytes = await picture(strong)
      .ensureAlpha(0.5)
      .withMetadata({ orientation: 3 })
      .withIccProfile("p3")
      .png()
      .toBuffer();
    const photo = await decodePhoto(bytes);
    const turned = await picture(strong).rotate(180).raw().toBuffer();
    expect(furthest(photo.rgb, turned)).toBeLessThanOrEqual(2);
    expect(new Set(photo.alpha)).toEqual(new Set([127]));
  });
});

test.each(["with its profile", "without one"])("a CMYK JPEG %s becomes RGB", async (which) => {
  const inks =
    which === "without one" ? picture(muted).toColourspace("cmyk") : picture(muted).withIccProfile("cmyk");
  const bytes = await inks.jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toBuffer();
  const { space, hasProfile } = await sharp(bytes).metadata();
  expect([space, hasProfile]).toEqual(["cmyk", which === "with its profile"]);
  const photo = await decodePhoto(bytes);
  expect(photo.rgb).toHaveLength(muted.length);
  expect(photo.alpha).toBeNull();
  // the profile determines how inks mix, and the perceptual intent shifts all colours slightly
  expect(meanDifference(photo.rgb, muted)).toBeLessThan(10);
});

test("16-bit files keep the upper eight bits; grey becomes three equal channels; alpha is kept in all of them", async () => {
  const deep = await decodePhoto(
    await picture(strong).ensureAlpha(0.5).toColourspace("rgb16").png().toBuffer(),
  );
  expect(Buffer.from(deep.rgb)).toEqual(strong);
  expect(new Set(deep.alpha)).toEqual(new Set([127]));
  const grey = await picture(strong).greyscale().raw().toBuffer();
  for (const space of ["b-w", "grey16"]) {
    const photo = await decodePhoto(
      await picture(strong).toColourspace(space).ensureAlpha(0.25).png().toBuffer(),
    );
    expect(new Set(photo.alpha)).toEqual(new Set([63]));
    const channels = [0, 1, 2].map((c) => photo.rgb.filter((_, i) => i % 3 === c));
    expect(channels[1]).toEqual(channels[0]);
    expect(channels[2]).toEqual(channels[0]);
    expect(furthest(channels[0] as Uint8Array, grey)).toBeLessThanOrEqual(1);
  }
});

test("a palette with transparent entries is decoded with alpha", async () => {
  const flat = painted((x) => (x < 48 ? [200, 30, 40] : [10, 90, 220]));
  const half = Buffer.from(Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < 48 ? 255 : 0)));
  const bytes = await picture(flat)
    .joinChannel(half, { raw: { ...RAW, channels: 1 } })
    .png({ palette: true, dither: 0 })
    .toBuffer();
  expect((await sharp(bytes).metadata()).isPalette).toBe(true);
  const { rgb, alpha } = await decodePhoto(bytes);
  expect(Buffer.from(alpha ?? [])).toEqual(half);
  expect([...rgb.subarray(0, 3)].map((value, c) => Math.abs(value - (flat[c] as number)))).toEqual([
    expect.closeTo(0, -1),
    expect.closeTo(0, -1),
    expect.closeTo(0, -1),
  ]);
});
