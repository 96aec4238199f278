import sharp from "sharp";
import type { ImageFormat } from "../../../shared/image.ts";
import type { Photo } from "./picture.ts";

const DEFAULT_QUALITY = 92;

/**
 * Encodes a photo without metadata. PNG is exact; JPEG has no alpha, so the photo is laid on white.
 * @param quality 1 to 100, for JPEG and WebP
 */
export async function encodePhoto(
  photo: Photo,
  format: ImageFormat,
  quality = DEFAULT_QUALITY,
): Promise<Uint8Array> {
  const raw = { width: photo.width, height: photo.height, channels: 3 } as const;
  let image = sharp(photo.rgb, { raw, limitInputPixels: false });
  if (photo.alpha !== null)
    image = image.joinChannel(Buffer.from(photo.alpha), { raw: { ...raw, channels: 1 } });
  if (format === "jpeg")
    return image.flatten({ background: "white" }).jpeg({ quality, chromaSubsampling: "4:4:4" }).toBuffer();
  if (format === "webp") return image.webp({ quality }).toBuffer();
  return image.png().toBuffer();
}

/** An 8-bit grey image, `width·height` bytes, as PNG. */
export async function encodeGrey(grey: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  return sharp(grey, { raw: { width, height, channels: 1 }, limitInputPixels: false })
    .toColourspace("b-w")
    .png()
    .toBuffer();
}
