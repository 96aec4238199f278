/**
 * The part of a JPEG up to and with its frame header, found marker by marker (ITU T.81, B.1); null where the chain of
 * segments breaks before one. A reader that searches for markers would walk a hostile file byte by byte.
 */
export function jpegHeader(bytes: Uint8Array): Uint8Array | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  for (let at = 2; at + 4 <= bytes.byteLength; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
    if (isFrame(marker)) return end <= bytes.byteLength ? bytes.subarray(0, end) : null;
    if (isScan(marker) || end === at + 2) return null;
    at = end;
  }
  return null;
}

/** SOF0…SOF15 less DHT, JPG and DAC, which share their numbers. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** SOS or EOI: pixels without a frame header. */
const isScan = (marker: number) => marker === 0xda || marker === 0xd9;
