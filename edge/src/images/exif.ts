import { fourCC } from "./four-cc.ts";

/**
 * EXIF orientation of PNG (`eXIf`, PNG third edition 11.3.3.4) and WebP (`EXIF`, RFC 9649 2.7.1.5), and the tag itself
 * in the block of any format.
 */

const ORIENTATION = 0x0112;

const [PNG, PNG_EXIF, IDAT, RIFF, WEBP, VP8X, WEBP_EXIF, PREFIX, LITTLE, BIG] = [
  "\x89PNG",
  "eXIf",
  "IDAT",
  "RIFF",
  "WEBP",
  "VP8X",
  "EXIF",
  "Exif",
  "II*\0",
  "MM\0*",
].map(fourCC);

/** In `VP8X`: the file has an `EXIF` chunk. Decoders ignore one that is not announced. */
const HAS_EXIF = 0x08;

/** Types that a number may have (TIFF 6.0): 16 and 32 bits. */
const [SHORT, LONG] = [3, 4];

/** Orientation 1…8 of a file's EXIF block; 1 if it has none. */
export function orientationOf(bytes: Uint8Array): number {
  const block = pngBlock(bytes) ?? webpBlock(bytes);
  return block === null ? 1 : orientationTag(block);
}

/** Whether width and height are swapped when the picture is turned upright (TIFF 6.0, Orientation 5…8). */
export const turned = (orientation: number) => orientation >= 5 && orientation <= 8;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The first block before the pixels that starts as TIFF does: decoders ignore any other. */
function pngBlock(bytes: Uint8Array): DataView | null {
  const view = viewOf(bytes);
  if (bytes.byteLength < 8 || view.getUint32(0) !== PNG) return null;
  for (let at = 8; at + 12 <= bytes.byteLength; at += 12 + view.getUint32(at)) {
    const type = view.getUint32(at + 4);
    if (type === IDAT) return null;
    if (type !== PNG_EXIF) continue;
    const block = viewOf(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
    if (isTiff(block, 0)) return block;
  }
  return null;
}

function webpBlock(bytes: Uint8Array): DataView | null {
  const view = viewOf(bytes);
  if (bytes.byteLength < 30 || view.getUint32(0) !== RIFF || view.getUint32(8) !== WEBP) return null;
  if (view.getUint32(12) !== VP8X || (view.getUint8(20) & HAS_EXIF) === 0) return null;
  for (let at = 12; at + 8 <= bytes.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    if (view.getUint32(at) === WEBP_EXIF) return viewOf(bytes.subarray(at + 8, at + 8 + size));
    at += 8 + size + (size & 1);
  }
  return null;
}

const isTiff = (block: DataView, start: number) =>
  block.byteLength >= start + 8 && [LITTLE, BIG].includes(block.getUint32(start));

/** The tag in the first directory of a TIFF block, 1 if it has none; `Exif\0\0` may come first. */
export function orientationTag(block: DataView): number {
  const start = block.byteLength >= 6 && block.getUint32(0) === PREFIX && block.getUint16(4) === 0 ? 6 : 0;
  if (!isTiff(block, start)) return 1;
  const little = block.getUint32(start) === LITTLE;
  const directory = start + block.getUint32(start + 4, little);
  if (directory + 2 > block.byteLength) return 1;
  const entries = block.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= block.byteLength; i++, at += 12) {
    if (block.getUint16(at, little) !== ORIENTATION) continue;
    const type = block.getUint16(at + 2, little);
    if (type === SHORT) return block.getUint16(at + 8, little);
    return type === LONG ? block.getUint32(at + 8, little) : 1;
  }
  return 1;
}
