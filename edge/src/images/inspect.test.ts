import { expect, test } from "vitest";
import {
  ascii,
  exif,
  jpeg,
  png,
  pngChunk,
  pngHeader,
  u16,
  u32,
  webp,
  webpChunk,
} from "../../test/pictures.ts";
import { Refusal } from "../problem.ts";
import { inspect } from "./inspect.ts";

const box = (type: string, data: readonly number[]) => [...u32(data.length + 8), ...ascii(type), ...data];

/** An AVIF's headers (ISO 23008-12): file type, then meta › iprp › ipco › ispe. */
function avif(width: number, height: number, brand = "avif", turns = 0) {
  const ispe = box("ispe", [0, 0, 0, 0, ...u32(width), ...u32(height)]);
  const meta = box("meta", [0, 0, 0, 0, ...box("iprp", box("ipco", [...ispe, ...box("irot", [turns])]))]);
  return Uint8Array.from([...box("ftyp", [...ascii(brand), 0, 0, 0, 0, ...ascii("avifmif1")]), ...meta]);
}

function reasonOf(bytes: Uint8Array): string {
  try {
    inspect(bytes);
  } catch (error) {
    if (error instanceof Refusal) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "taken";
}

test.each([
  ["PNG", png(64, 80), "image/png"],
  ["JPEG", jpeg(64, 80), "image/jpeg"],
  ["JPEG with a profile of 60 kB", jpeg(64, 80, 1, 60_000), "image/jpeg"],
  ["WebP", webp(64, 80), "image/webp"],
  ["AVIF", avif(64, 80), "image/avif"],
] as const)("%s is measured", (_, bytes, contentType) => {
  expect(inspect(bytes)).toEqual({ width: 64, height: 80, contentType });
});

test.each([
  ["PNG", (orientation: number) => png(64, 80, pngChunk("eXIf", exif(orientation)))],
  ["JPEG", (orientation: number) => jpeg(64, 80, orientation)],
  ["WebP", (orientation: number) => webp(64, 80, 0x08, webpChunk("EXIF", exif(orientation)))],
] as const)("%s is measured upright", (_, turnedBy) => {
  for (const orientation of [1, 2, 3, 4])
    expect(inspect(turnedBy(orientation))).toMatchObject({ width: 64, height: 80 });
  for (const orientation of [5, 6, 7, 8])
    expect(inspect(turnedBy(orientation))).toMatchObject({ width: 80, height: 64 });
});

test("AVIF is measured upright: its turns are quarters, independent of EXIF", () => {
  for (const turns of [0, 2])
    expect(inspect(avif(64, 80, "avif", turns))).toMatchObject({ width: 64, height: 80 });
  for (const turns of [1, 3])
    expect(inspect(avif(64, 80, "avif", turns))).toMatchObject({ width: 80, height: 64 });
});

test("an orientation counts only if it is where decoders find it", () => {
  const turned = exif(6);
  const nonsense = [...ascii("XX"), ...turned.slice(2)];
  const prefixed = [...ascii("Exif"), 0, 0, ...turned];
  const asLong = [...turned.slice(0, 12), ...u16(4), ...u32(1), ...u32(6), ...u32(0)];
  const blocks = (...list: number[][]) => list.flatMap((block) => pngChunk("eXIf", block));
  const widthOf = (bytes: Uint8Array) => inspect(bytes).width;
  expect(widthOf(png(64, 80, blocks(nonsense)))).toBe(64);
  expect(widthOf(png(64, 80, blocks(prefixed)))).toBe(64);
  expect(widthOf(png(64, 80, blocks(nonsense, turned)))).toBe(80);
  expect(widthOf(png(64, 80, blocks(exif(1), turned)))).toBe(64);
  expect(widthOf(png(64, 80, blocks(asLong)))).toBe(80);
  const plain = png(64, 80);
  const behindPixels = [...plain.subarray(0, -12), ...blocks(turned), ...plain.subarray(-12)];
  expect(widthOf(Uint8Array.from(behindPixels))).toBe(64);
  expect(widthOf(webp(64, 80, 0, webpChunk("EXIF", turned)))).toBe(64);
});

test("a JPEG whose frame comes after ten thousand segments is refused", () => {
  const frame = jpeg(64, 80);
  const comments = new Array<number[]>(10_000).fill([0xff, 0xfe, 0, 2]).flat();
  const bytes = Uint8Array.from([...frame.subarray(0, 2), ...comments, ...frame.subarray(2)]);
  expect(reasonOf(bytes)).toMatch(/^image_rejected/);
});

test("the sides must be at least 64 pixels and the picture at most 25 megapixels", () => {
  expect(reasonOf(pngHeader(64, 63))).toContain("image_rejected: the image is 64×63");
  expect(reasonOf(pngHeader(5_000, 5_000))).toBe("taken");
  expect(reasonOf(pngHeader(5_000, 5_001))).toContain("25 megapixels");
  expect(reasonOf(pngHeader(0xffffffff, 0xffffffff))).toContain("25 megapixels");
  expect(reasonOf(pngHeader(0, 100))).toContain("at least 64");
});

test("stray bytes between segments are skipped, as in libjpeg", () => {
  const whole = jpeg(64, 80, 6);
  for (const extra of [[0], [0x12, 0x34, 0xff, 0x00, 0x56], new Array<number>(18).fill(7)]) {
    const at = whole.findIndex((byte, i) => byte === 0xff && whole[i + 1] === 0xe2);
    const bytes = Uint8Array.from([...whole.subarray(0, at), ...extra, ...whole.subarray(at)]);
    expect(inspect(bytes)).toMatchObject({ width: 80, height: 64 });
  }
});

test.each([
  [
    "a photo of an iPhone",
    [...u32(24), ...ascii("ftypheic"), ...new Array(40).fill(0)],
    /HEIC.*JPEG.*Most Compatible/,
  ],
  ["a GIF", [...ascii("GIF89a"), ...new Array(60).fill(64)], /this is a GIF/],
  ["an SVG", ascii(`<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>`), /this is text/],
  ["a form", ascii("--boundary\r\nContent-Disposition: form-data; name=image\r\n\r\n"), /this is a form/],
  ["a short text", ascii("{}"), /this is text/],
  ["nothing", [], /is empty/],
])("the refusal of %s says what it is", (_, bytes, sentence) => {
  expect(reasonOf(Uint8Array.from(bytes))).toMatch(sentence);
});

test("animations are refused", () => {
  const animated = [
    png(64, 64, pngChunk("acTL", [...u32(2), ...u32(0)])),
    webp(64, 64, 0x02),
    avif(64, 64, "avis"),
  ];
  for (const bytes of animated.slice(0, 2)) expect(reasonOf(bytes)).toContain("animated");
  expect(reasonOf(animated[2] ?? new Uint8Array())).toContain("image_rejected");
});

test.each([
  ["nothing", new Uint8Array(0)],
  ["text", new TextEncoder().encode("<html>".repeat(20))],
  ["a GIF", Uint8Array.from([...ascii("GIF89a"), ...new Array(60).fill(64)])],
  ["an SVG", new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>`)],
  ["a cut PNG", png(64, 64).subarray(0, 20)],
  ["a JPEG without a frame", jpeg(64, 64).subarray(0, 30)],
  ["a JPEG of zeros", Uint8Array.from([0xff, 0xd8, ...new Array(100_000).fill(0)])],
  [
    "a JPEG whose scan comes first",
    Uint8Array.from([0xff, 0xd8, 0xff, 0xda, 0, 8, ...new Array(60).fill(0)]),
  ],
])("%s is refused", (_, bytes) => {
  expect(reasonOf(bytes)).toMatch(/^image_rejected/);
});

test("any truncation and any single wrong byte of a header is accepted or refused, never a crash", () => {
  for (const whole of [
    png(64, 80),
    jpeg(64, 80, 6),
    webp(64, 80, 8, webpChunk("EXIF", exif(6))),
    avif(64, 80),
  ]) {
    for (let at = 0; at < Math.min(whole.length, 160); at++) {
      expect(reasonOf(whole.subarray(0, at))).toMatch(/^(taken|image_rejected)/);
      for (const value of [0, 0x7f, 0xff]) {
        const bytes = whole.slice();
        bytes[at] = value;
        expect(reasonOf(bytes)).toMatch(/^(taken|image_rejected)/);
      }
    }
  }
});
