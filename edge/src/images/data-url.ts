import type { PhotoType } from "../../../shared/image.ts";
import { invalid, Refusal } from "../problem.ts";
import { photoTypeOf } from "./content-type.ts";

/** Most bytes that a data URL may hold. */
export const DATA_URL_BYTES = 2_000_000;

const HEADER = /^data:(image\/[a-z0-9.+-]{1,40})(?:;[a-z0-9-]{1,40}=[^;,]{0,100}){0,8};base64$/i;

/**
 * Bytes and declared type of a base64 data URL (RFC 2397).
 * @param path where the URL stands in the request, for the refusal
 * @throws Refusal `invalid_request`, `unsupported_media`, `payload_too_large`
 */
export function readDataUrl(text: string, path: string): { bytes: Uint8Array; type: PhotoType } {
  const comma = text.indexOf(",");
  const [, mediaType] = HEADER.exec(text.slice(0, Math.max(0, comma))) ?? [];
  if (mediaType === undefined) throw invalid(path, "a data URL looks like data:image/png;base64,…");
  const type = photoTypeOf(mediaType);
  if (type === null)
    throw new Refusal("unsupported_media", `${path}: a JPEG, PNG, WebP or AVIF image is needed`);
  const bytes = decode(text.slice(comma + 1), path);
  if (bytes.byteLength > DATA_URL_BYTES)
    throw new Refusal("payload_too_large", `${path}: a data URL may hold ${DATA_URL_BYTES / 1e6} MB`);
  return { bytes, type };
}

function decode(base64: string, path: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    throw invalid(path, "the data URL is not valid base64");
  }
}
