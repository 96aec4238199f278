import { crc32, deflateSync } from "node:zlib";

/** Pictures for tests, built byte by byte so that they can be wrong in exactly one way. */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Bytes of a text, and big-endian 16 and 32 bit numbers. */
export const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
export const u16 = (value: number) => [(value >> 8) & 255, value & 255];
export const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)];

/** A chunk of a PNG. */
export function pngChunk(type: string, data: readonly number[] | Uint8Array): number[] {
  const body = [...ascii(type), ...data];
  return [...u32(data.length), ...body, ...u32(crc32(Uint8Array.from(body)))];
}

/** A grey PNG; `extra` chunks go between header and pixels. */
export function png(
  width: number,
  height: number,
  extra: readonly number[] = [],
  grey = 128,
): Uint8Array<ArrayBuffer> {
  const header = [...u32(width), ...u32(height), 8, 0, 0, 0, 0];
  const rows = new Uint8Array((width + 1) * height).fill(grey);
  for (let y = 0; y < height; y++) rows[y * (width + 1)] = 0;
  const pixels = pngChunk("IDAT", deflateSync(rows));
  return Uint8Array.from([
    ...SIGNATURE,
    ...pngChunk("IHDR", header),
    ...extra,
    ...pixels,
    ...pngChunk("IEND", []),
  ]);
}

/** The header of a PNG of any size, without pixels. */
export const pngHeader = (width: number, height: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([...SIGNATURE, ...pngChunk("IHDR", [...u32(width), ...u32(height), 8, 0, 0, 0, 0])]);

/** An EXIF block (TIFF, big-endian) with only an orientation. */
export const exif = (orientation: number) => [
  ...ascii("MM"),
  ...u16(42),
  ...u32(8),
  ...u16(1),
  ...u16(0x0112),
  ...u16(3),
  ...u32(1),
  ...u16(orientation),
  ...u16(0),
  ...u32(0),
];

/** The headers of a JPEG: EXIF, an ICC segment of some length, the frame. */
export function jpeg(
  width: number,
  height: number,
  orientation = 1,
  profileBytes = 0,
): Uint8Array<ArrayBuffer> {
  const segment = (marker: number, data: readonly number[]) => [
    0xff,
    marker,
    ...u16(data.length + 2),
    ...data,
  ];
  const frame = [8, ...u16(height), ...u16(width), 1, 1, 0x11, 0];
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xe1, [...ascii("Exif"), 0, 0, ...exif(orientation)]),
    ...segment(0xe2, new Array<number>(profileBytes).fill(0)),
    ...segment(0xc0, frame),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
  ]);
}

const little = (bytes: readonly number[]) => [...bytes].reverse();

/** The headers of an extended WebP: size, flags, chunks after them, and the start of its pixels. */
export function webp(
  width: number,
  height: number,
  flags = 0,
  chunks: readonly number[] = [],
): Uint8Array<ArrayBuffer> {
  const size = [...little(u32(width - 1)).slice(0, 3), ...little(u32(height - 1)).slice(0, 3)];
  const body = [
    ...ascii("WEBP"),
    ...webpChunk("VP8X", [flags, 0, 0, 0, ...size]),
    ...chunks,
    ...webpChunk("VP8L", [0x2f, 0, 0, 0]),
  ];
  return Uint8Array.from([...ascii("RIFF"), ...little(u32(body.length)), ...body]);
}

/** A chunk of a WebP. */
export const webpChunk = (type: string, data: readonly number[]) => [
  ...ascii(type),
  ...little(u32(data.length)),
  ...data,
  ...(data.length % 2 ? [0] : []),
];
