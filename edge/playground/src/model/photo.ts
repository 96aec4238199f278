import { IMAGE_LIMITS, PHOTO_TYPES, type PhotoType } from "../../../../shared/image.ts";
import type { PictureKind } from "./kind.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A photo the visitor chose, decoded here; `image` is its id once it is uploaded. */
export interface Photo extends Size {
  /** Under which it is kept in this browser, with its versions. */
  readonly session: string;
  readonly name: string;
  /** Name of the example portrait, null for a photo of one's own. */
  readonly example: string | null;
  readonly url: string;
  /** What is sent; null while an example is on its way. */
  readonly blob: Blob | null;
  readonly kind: PictureKind;
  /** Its size before it was made smaller; null where it goes as it is. */
  readonly original: Size | null;
  readonly image: string | null;
}

/** A file as far as its head tells. */
export interface FileFacts {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** Larger files are not even opened: decoding one would stall a phone. */
const OPENED_MAX = 80_000_000;

/** Why a file is no photo to begin with, for people, or null. */
export function fileFault({ name, type, size }: FileFacts): string | null {
  // browsers that do not know HEIC give it no type; whether this one can open it, opening it says
  if (!type.startsWith("image/") && !isHeic(name))
    return `“${name}” is not a picture. JPEG, PNG, WebP and AVIF photos work.`;
  if (type === "image/svg+xml")
    return "A drawing (SVG) cannot be edited. JPEG, PNG, WebP and AVIF photos work.";
  if (size === 0) return `“${name}” is empty.`;
  if (size > OPENED_MAX) return `“${name}” has ${megabytes(size)}: too large to open here.`;
  return null;
}

const isHeic = (name: string) => /\.hei[cf]$/i.test(name);

/** Why a file cannot be opened in this browser, for people. */
export function openFault(name: string): string {
  return isHeic(name)
    ? `“${name}” is a HEIC photo, which only Safari opens. Send it as JPEG: on the iPhone choose Settings, Camera, Formats, Most Compatible.`
    : `“${name}” cannot be opened as a picture. It may be damaged, or of an unusual kind.`;
}

/** Why a decoded picture cannot be edited, for people, or null. */
export function sizeFault(width: number, height: number): string | null {
  if (Math.min(width, height) >= IMAGE_LIMITS.side) return null;
  return `This picture has ${width} × ${height} pixels; each side needs ${IMAGE_LIMITS.side} at least.`;
}

/** How a picture must be sent: as it is, or drawn anew at another size. */
export type Sending =
  | { readonly as: "is"; readonly type: PhotoType }
  | { readonly as: "jpeg"; readonly scale: number };

/** Pictures within the API's limits go untouched; only what is beyond them is drawn anew. */
export function sendingOf(file: FileFacts, width: number, height: number): Sending {
  const pixels = Math.sqrt(IMAGE_LIMITS.pixels / (width * height));
  const bytes = file.size > IMAGE_LIMITS.bytes ? Math.sqrt(IMAGE_LIMITS.bytes / file.size) : 1;
  const scale = Math.min(1, pixels, bytes);
  const known = PHOTO_TYPES.find((type) => type === file.type);
  return known !== undefined && scale === 1 ? { as: "is", type: known } : { as: "jpeg", scale };
}

export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
