import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { PORTRAIT } from "../../local/client.fixture.ts";

/** Bytes that must not be found anywhere, with a name for reports. */
export interface Marker {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Bytes of a piece of a file, and how many are taken of one. Of a part of the file one of them is soon inside. */
const PIECES = { bytes: 24, count: 24 };

/** Minimum number of distinct byte values in a piece: padding looks the same everywhere. */
const VARIED = 12;

/** A word that does not occur by chance. */
export const word = (stem: string) => `${stem}${randomBytes(5).toString("hex")}`;

/** A text in plain form, in base64 at each of its three alignments, and URL-encoded. */
export function textMarkers(name: string, text: string): Marker[] {
  const inBase64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(`${"x".repeat(shift)}${text}`).toString("base64");
    // the first and the last group mix with the neighbouring text
    return encoded.slice(shift === 0 ? 0 : 4, encoded.length - 4);
  });
  const forms = new Set([text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), ...inBase64]);
  return [...forms].map((form) => ({ name, bytes: Buffer.from(form) }));
}

/**
 * Pieces from all over a file, as they are and in base64.
 * @param from where its own bytes begin: what is before stands in other files as well
 */
export function fileMarkers(name: string, file: Uint8Array, from = 200): Marker[] {
  const step = Math.floor((file.length - from - 2 * PIECES.bytes) / PIECES.count);
  return Array.from({ length: PIECES.count }, (_, i) => {
    // base64 has groups of three bytes, counted from the file's beginning
    const start = Math.ceil((from + i * step) / 3) * 3;
    return Buffer.from(file.subarray(start, start + PIECES.bytes));
  })
    .filter((piece) => new Set(piece).size >= VARIED)
    .flatMap((piece) => [
      { name, bytes: piece },
      { name: `${name} in base64`, bytes: Buffer.from(piece.toString("base64")) },
    ]);
}

/** The names of the markers found in some bytes, each once. */
export function found(markers: readonly Marker[], bytes: Uint8Array | string): string[] {
  const hay =
    typeof bytes === "string"
      ? Buffer.from(bytes)
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return [...new Set(markers.filter((marker) => hay.includes(marker.bytes)).map(({ name }) => name))];
}

/** A portrait with its own grain: no other file has its bytes. */
export async function grainyPortrait(format: "png" | "jpeg"): Promise<Buffer<ArrayBuffer>> {
  const { data, info } = await sharp(PORTRAIT).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const grain = randomBytes(data.length);
  const raw = Uint8Array.from(data, (value, i) =>
    Math.min(255, Math.max(0, value + ((grain[i] ?? 0) % 5) - 2)),
  );
  const picture = sharp(raw, { raw: { width: info.width, height: info.height, channels: 3 } });
  return Buffer.from(await picture.toFormat(format).toBuffer());
}
