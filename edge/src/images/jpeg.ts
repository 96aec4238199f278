/** What a JPEG says of itself before its pixels. */
export interface JpegHeader {
  /** As stored, not yet upright. */
  readonly width: number;
  readonly height: number;
  /** The first EXIF block, with `Exif\0\0` in front of it; null where there is none. */
  readonly exif: DataView | null;
}

/** Most segments and fill bytes before the frame; a camera's file has some dozens, the longest profiles 255 of them. */
const STEPS_MAX = 10_000;

/**
 * Frame and EXIF block of a JPEG, found marker by marker (ITU T.81, B.1); null where the chain of segments breaks before
 * a frame, or goes on for 10,000 steps. A reader that searches for markers would walk a hostile file byte by byte.
 */
export function jpegHeader(bytes: Uint8Array): JpegHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let exif: DataView | null = null;
  for (let at = 2, steps = 0; at + 4 <= view.byteLength && steps < STEPS_MAX; steps++) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > view.byteLength || isScan(marker)) return null;
    if (isFrame(marker))
      return length < 8 ? null : { height: view.getUint16(at + 5), width: view.getUint16(at + 7), exif };
    if (exif === null && isExif(view, at, length))
      exif = new DataView(view.buffer, view.byteOffset + at + 4, length - 2);
    at = end;
  }
  return null;
}

/** APP1 that begins with `Exif`; XMP has the same marker. */
const isExif = (view: DataView, at: number, length: number) =>
  view.getUint8(at + 1) === 0xe1 && length >= 8 && view.getUint32(at + 4) === 0x45786966;

/** SOF0…SOF15 less DHT, JPG and DAC, which share their numbers. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** SOS or EOI: pixels without a frame header. */
const isScan = (marker: number) => marker === 0xda || marker === 0xd9;
