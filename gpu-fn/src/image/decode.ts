import { sharedDecoder } from "./decoder/decoder.ts";
import type { Grey, Photo } from "./picture.ts";

export { inspectImage, openImage } from "./decoder/decode-here.ts";

/**
 * Decodes a photo to upright sRGB, in a process of its own. An embedded ICC profile is converted; all metadata is left
 * behind.
 * @param extension the file's ending without the dot, where it has one: a file must be what its name says
 * @throws InputError as `inspectImage`, and `image_undecodable` if the pixels are damaged or cut off, or take more time
 *   or memory than a picture may
 */
export async function decodePhoto(bytes: Uint8Array, extension = ""): Promise<Photo> {
  return sharedDecoder().photo(bytes, extension);
}

/** As `decodePhoto`, reduced to a longer side, in pixels; a smaller one stays as it is. */
export async function decodePhotoWithin(bytes: Uint8Array, longest: number): Promise<Photo> {
  return sharedDecoder().photo(bytes, "", longest);
}

/** Reads a mask that `encodeGrey` wrote, bit for bit. @throws InputError `mask_invalid` if it cannot be read */
export async function decodeGrey(bytes: Uint8Array): Promise<Grey> {
  return sharedDecoder().grey(bytes);
}
