import { sharedDecoder } from "./decoder/decoder.ts";
import type { Grey, Photo } from "./picture.ts";

export { inspectImage, openImage } from "./decoder/decode-here.ts";

/**
 * Decodes a photo to upright sRGB, in a separate process. An embedded ICC profile is applied, and all metadata is
 * dropped.
 * @throws InputError as `inspectImage`, and `image_undecodable` if the pixels are damaged or truncated, or take more
 *   time or memory than allowed
 */
export async function decodePhoto(bytes: Uint8Array): Promise<Photo> {
  return sharedDecoder().photo(bytes);
}

/** Like `decodePhoto`, but reduced to a longer side of `longest` pixels; a smaller photo keeps its size. */
export async function decodePhotoWithin(bytes: Uint8Array, longest: number): Promise<Photo> {
  return sharedDecoder().photo(bytes, longest);
}

/** Reads a mask that `encodeGrey` wrote, bit for bit. @throws InputError `mask_invalid` if it cannot be read */
export async function decodeGrey(bytes: Uint8Array): Promise<Grey> {
  return sharedDecoder().grey(bytes);
}
