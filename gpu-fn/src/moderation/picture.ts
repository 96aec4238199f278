import sharp, { type Sharp } from "sharp";
import { overWhite } from "../image/crop.ts";
import { decodePhotoWithin } from "../image/decode.ts";
import type { Photo } from "../image/picture.ts";

/** Interleaved RGB, 8 bits, row-major. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Longer side at which pictures are judged, in pixels: a face of a tenth of it still has 64. */
const SIDE = 640;

/**
 * Decodes a photo's file upright and in sRGB, at most 640 pixels long. What an edit could not decode is not judged.
 * @throws InputError as `decodePhoto`
 */
export async function smallPicture(bytes: Uint8Array): Promise<Picture> {
  const { width, height, ...pixels } = await decodePhotoWithin(bytes, SIDE);
  return { width, height, rgb: overWhite({ width, height, ...pixels }) };
}

/** Reduces a decoded picture to at most 640 pixels along its longer side. */
export const smallPhoto = ({
  width,
  height,
  rgb,
}: Pick<Photo, "width" | "height" | "rgb">): Promise<Picture> =>
  small(sharp(rgb, { raw: { width, height, channels: 3 } }));

async function small(picture: Sharp): Promise<Picture> {
  const { data, info } = await picture
    .resize(SIDE, SIDE, { fit: "inside", withoutEnlargement: true })
    .flatten()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

/** The picture at another size, without keeping its aspect ratio. */
export async function stretched({ rgb, ...size }: Picture, width: number, height: number): Promise<Picture> {
  const data = await sharp(rgb, { raw: { ...size, channels: 3 } })
    .resize(width, height, { fit: "fill", kernel: "linear" })
    .raw()
    .toBuffer();
  return { width, height, rgb: data };
}
