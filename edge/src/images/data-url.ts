import { DATA_URL_BYTES } from "../../../shared/picture-field.ts";
import { invalid, Refusal } from "../problem.ts";

const HEADER = /^data:image\/[a-z0-9.+-]{1,40}(?:;[a-z0-9-]{1,40}=[^;,]{0,100}){0,8};base64$/i;

/**
 * Bytes of a base64 data URL of an image (RFC 2397); the bytes themselves decide its format.
 * @param path the field that holds the URL, for the refusal
 * @throws Refusal `invalid_request`, `payload_too_large`
 */
export function readDataUrl(text: string, path: string): Uint8Array {
  const comma = text.indexOf(",");
  if (!HEADER.test(text.slice(0, Math.max(0, comma))))
    throw invalid(path, "a data URL looks like data:image/png;base64,…");
  const bytes = decode(text.slice(comma + 1), path);
  if (bytes.byteLength > DATA_URL_BYTES)
    throw new Refusal("payload_too_large", `${path}: a data URL may hold ${DATA_URL_BYTES / 1e6} MB`);
  return bytes;
}

function decode(base64: string, path: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    throw invalid(path, "the data URL is not valid base64");
  }
}
