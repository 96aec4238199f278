import { imageSize } from "image-size";
import { IMAGE_LIMITS, type PhotoType } from "../../../shared/image.ts";
import { Refusal } from "../problem.ts";
import { isAnimated } from "./animation.ts";
import { TYPE_OF_FORMAT } from "./content-type.ts";
import { orientationOf, turned } from "./exif.ts";
import { jpegHeader } from "./jpeg.ts";

/** What the header of a picture says. */
export interface Picture {
  /** Pixels as shown upright. */
  readonly width: number;
  readonly height: number;
  readonly contentType: PhotoType;
}

const rejected = (detail: string) => new Refusal("image_rejected", detail);

/**
 * Reads a picture's header and refuses what the GPU function would: pixels are never decoded here.
 * @param declared what the sender says it is, where it says so
 * @throws Refusal `image_rejected`, `payload_too_large`
 */
export function inspect(bytes: Uint8Array, declared: PhotoType | null): Picture {
  if (bytes.byteLength > IMAGE_LIMITS.bytes)
    throw new Refusal("payload_too_large", `an image may have ${IMAGE_LIMITS.bytes / 1e6} MB`);
  const { type, width: across, height: down, orientation } = measure(bytes);
  const contentType = TYPE_OF_FORMAT[type];
  if (declared !== null && declared !== contentType)
    throw rejected(`the image says it is ${declared} but holds ${contentType}`);
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

function measure(bytes: Uint8Array) {
  const header = bytes[0] === 0xff ? jpegHeader(bytes) : bytes;
  if (header === null || header.byteLength < 32) throw rejected("the image cannot be decoded");
  const size = read(header);
  const type = Object.keys(TYPE_OF_FORMAT).find((name) => name === size.type) as
    | keyof typeof TYPE_OF_FORMAT
    | undefined;
  if (type === undefined) throw rejected("the image must be a JPEG, PNG, WebP or AVIF file");
  const { width, height, orientation = orientationOf(bytes) } = size;
  return { type, width, height, orientation };
}

function read(header: Uint8Array) {
  try {
    return imageSize(header);
  } catch {
    throw rejected("the image must be a JPEG, PNG, WebP or AVIF file");
  }
}
