/**
 * EXIF orientation of PNG (`eXIf`, PNG third edition 11.3.3.4) and WebP (`EXIF`, RFC 9649 2.7.1.5), which
 * `image-size` reads in JPEG only.
 */

const ORIENTATION = 0x0112;

/** Orientation 1…8 of a file's EXIF block; 1 where it has none. */
export function orientationOf(bytes: Uint8Array): number {
  const block = pngBlock(bytes) ?? webpBlock(bytes);
  return block === null ? 1 : orientationTag(block);
}

/** Whether width and height trade places when the picture is turned upright (TIFF 6.0, Orientation 5…8). */
export const turned = (orientation: number) => orientation >= 5 && orientation <= 8;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function pngBlock(bytes: Uint8Array): DataView | null {
  if (textAt(bytes, 1).slice(0, 3) !== "PNG") return null;
  const view = viewOf(bytes);
  for (let at = 8; at + 12 <= bytes.byteLength; at += 12 + view.getUint32(at))
    if (textAt(bytes, at + 4) === "eXIf") return viewOf(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
  return null;
}

function webpBlock(bytes: Uint8Array): DataView | null {
  if (textAt(bytes, 0) !== "RIFF" || textAt(bytes, 8) !== "WEBP") return null;
  const view = viewOf(bytes);
  for (let at = 12; at + 8 <= bytes.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    if (textAt(bytes, at) === "EXIF") return viewOf(bytes.subarray(at + 8, at + 8 + size));
    at += 8 + size + (size & 1);
  }
  return null;
}

/** The tag in the first directory of a TIFF block; some writers put JPEG's `Exif\0\0` in front of it. */
function orientationTag(block: DataView): number {
  const start = block.byteLength >= 6 && block.getUint32(0) === 0x45786966 ? 6 : 0;
  if (block.byteLength < start + 8) return 1;
  const little = block.getUint16(start) === 0x4949;
  const directory = start + block.getUint32(start + 4, little);
  if (directory + 2 > block.byteLength) return 1;
  const entries = block.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= block.byteLength; i++, at += 12)
    if (block.getUint16(at, little) === ORIENTATION) return block.getUint16(at + 8, little);
  return 1;
}
