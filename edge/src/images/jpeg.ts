/** What a JPEG contains before its pixels. */
export interface JpegHeader {
  /** As stored, not yet upright. */
  readonly width: number;
  readonly height: number;
  /** The first EXIF block, starting with `Exif\0\0`; null if there is none. */
  readonly exif: DataView | null;
}

/** Maximum number of segments and gaps before the pixels; a camera's file has dozens, the longest profiles 255. */
const STEPS_MAX = 10_000;

/**
 * Frame and EXIF block of a JPEG, found marker by marker (ITU T.81, B.1); null if the chain of segments ends before its
 * pixels, or runs past 10,000 steps. Stray bytes between segments are skipped, as in libjpeg: phones and editors leave
 * some behind.
 */
export function jpegHeader(bytes: Uint8Array): JpegHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let exif: DataView | null = null;
  let frame: Pick<JpegHeader, "width" | "height"> | null = null;
  for (let at = 2, steps = 0; steps < STEPS_MAX; steps++) {
    at = bytes.indexOf(0xff, at);
    if (at === -1 || at + 4 > view.byteLength) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isAlone(marker)) {
      at += 2;
      continue;
    }
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (marker === SCAN) return frame && { ...frame, exif };
    if (length < 2 || end > view.byteLength || marker === START || marker === END) return null;
    if (isFrame(marker)) {
      if (length < 8 || frame !== null) return null;
      frame = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    if (exif === null && isExif(view, at, length))
      exif = new DataView(view.buffer, view.byteOffset + at + 4, length - 2);
    at = end;
  }
  return null;
}

/** A zero (not a marker), TEM and RST0…RST7: no length and no content. */
const isAlone = (marker: number) => marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/** APP1 that starts with `Exif`; XMP has the same marker. */
const isExif = (view: DataView, at: number, length: number) =>
  view.getUint8(at + 1) === 0xe1 && length >= 8 && view.getUint32(at + 4) === 0x45786966;

/** SOF0…SOF15 except DHT, JPG and DAC, which share their numbers. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

const [START, END, SCAN] = [0xd8, 0xd9, 0xda];
