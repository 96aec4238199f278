import { sharedDecoder } from "./decoder/decoder.ts";
/** Rounds a mask to 8 bits. A located mask is used so even where it was just found: stored, it gives the same edit. */
export function toGrey({ width, height, data }) {
  return { width, height, data: Uint8Array.from(data, (value) => Math.round(255 * value)) };
}
export function fromGrey({ width, height, data }) {
  return { width, height, data: Float32Array.from(data, (value) => value / 255) };
}
/** The larger value of each cell of two masks of one size: where either points. */
export function unionOf(a, b) {
  return { ...a, data: a.data.map((value, i) => Math.max(value, b.data[i] ?? 0)) };
}
/** Mean of a mask, 0…1. */
export function coverageOf({ data }) {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i];
  return sum / (255 * data.length);
}
/** Reads a mask that `encodeGrey` wrote, bit for bit. @throws InputError `mask_invalid` where it cannot be read */
export async function decodeGrey(bytes) {
  return sharedDecoder().grey(bytes);
}
