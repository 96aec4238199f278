import { imageSize } from "image-size";
import { IMAGE_LIMITS, type PhotoType } from "../../../shared/image.ts";
import { Refusal } from "../problem.ts";
import { isAnimated } from "./animation.ts";
import { avifSize } from "./avif.ts";
import { TYPE_OF_FORMAT } from "./content-type.ts";
import { orientationOf, orientationTag, turned } from "./exif.ts";
import { jpegHeader } from "./jpeg.ts";
import { foreignSentence } from "./unsupported-file.ts";

/** What a picture's header contains. */
export interface Picture {
  /** Pixels, after the picture is turned upright. */
  readonly width: number;
  readonly height: number;
  readonly contentType: PhotoType;
}

const rejected = (detail: string) => new Refusal("image_rejected", detail);

/**
 * Reads a picture's header and refuses what the GPU function would refuse: pixels are never decoded here. The content
 * alone decides the format: names and declared types are wrong too often.
 * @throws Refusal `image_rejected`, `payload_too_large`
 */
export function inspect(bytes: Uint8Array): Picture {
  if (bytes.byteLength > IMAGE_LIMITS.bytes)
    throw new Refusal("payload_too_large", `an image may have ${IMAGE_LIMITS.bytes / 1e6} MB`);
  const { type, width: across, height: down, orientation } = measure(bytes);
  const contentType = TYPE_OF_FORMAT[type];
  if (isAnimated(bytes)) throw rejected("the image is animated; a still image is needed");
  const [width, height] = turned(orientation) ? [down, across] : [across, down];
  if (Math.min(width, height) < IMAGE_LIMITS.side)
    throw rejected(`the image is ${width}×${height}; each side needs at least ${IMAGE_LIMITS.side} pixels`);
  if (width * height > IMAGE_LIMITS.pixels)
    throw rejected(
      `the image is ${width}×${height}; at most ${IMAGE_LIMITS.pixels / 1e6} megapixels are taken`,
    );
  return { width, height, contentType };
}

/** Size of the first header of PNG and WebP, which holds the picture's size, in bytes. */
const FIRST_HEADER = 64;

/** Type, width and height as stored or (AVIF) upright, and EXIF orientation. */
function measure(bytes: Uint8Array) {
  if (bytes.byteLength < 32)
    throw rejected(bytes.byteLength === 0 ? "the image is empty" : foreignSentence(bytes));
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    const header = jpegHeader(bytes);
    if (header === null) throw rejected("the image cannot be decoded");
    const { exif, ...sides } = header;
    return { type: "jpg" as const, ...sides, orientation: exif === null ? 1 : orientationTag(exif) };
  }
  const avif = avifSize(bytes);
  if (avif !== null) return { type: "avif" as const, ...avif, orientation: 1 };
  const { type, width, height } = read(bytes);
  if (type !== "png" && type !== "webp") throw rejected(foreignSentence(bytes));
  return { type, width, height, orientation: orientationOf(bytes) } as const;
}

/** Reads the header of a format that has it at a fixed place; other formats are skipped. */
function read(bytes: Uint8Array) {
  const header = bytes.subarray(0, FIRST_HEADER);
  if (header[0] !== 0x89 && header[0] !== 0x52) throw rejected(foreignSentence(bytes));
  try {
    return imageSize(header);
  } catch {
    throw rejected(foreignSentence(bytes));
  }
}
