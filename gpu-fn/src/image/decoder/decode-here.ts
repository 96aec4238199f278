import sharp, { type Metadata, type Sharp, type SharpOptions } from "sharp";
import { IMAGE_LIMITS } from "../../../../shared/image.ts";
import { InputError } from "../../errors.ts";
import type { Grey, Photo } from "../picture.ts";
import { describedColour } from "./described-colour.ts";
import { toSrgb } from "./to-srgb.ts";

type FailOn = NonNullable<SharpOptions["failOn"]>;

/** Accepted formats, by libvips' names; AVIF is a HEIF container with AV1 inside. */
const FORMATS = new Set(["jpeg", "png", "webp", "heif"]);

/** Longest time that pixels may take to decode, in seconds; 25 megapixels of AVIF take about five on one core. */
const DECODE_SECONDS = 25;

/**
 * Opens bytes strictly: a truncated or damaged file fails.
 * @param limitInputPixels most pixels that may be decoded; false to read a header, whatever size it states
 */
export function openImage(bytes: Uint8Array, limitInputPixels: number | false = false): Sharp {
  return sharp(bytes, { failOn: "error", limitInputPixels, sequentialRead: true });
}

/**
 * Reads the header and refuses what must not be decoded at all. The content decides the format, whatever the file is called.
 * @throws InputError `image_undecodable`, `image_animated`, `image_too_small`, `image_too_large`
 */
export async function inspectImage(bytes: Uint8Array): Promise<Metadata> {
  if (bytes.byteLength > IMAGE_LIMITS.bytes)
    throw new InputError("image_too_large", `the image is larger than ${IMAGE_LIMITS.bytes / 1e6} MB`);
  if (bytes.byteLength === 0) throw new InputError("image_undecodable", "the image is empty");
  const metadata = await openImage(bytes)
    .metadata()
    .catch((cause: unknown) => {
      throw new InputError("image_undecodable", "the image cannot be decoded", { cause });
    });
  if (!FORMATS.has(metadata.format ?? "") || (metadata.format === "heif" && metadata.compression !== "av1"))
    throw new InputError("image_undecodable", "the image must be a JPEG, PNG, WebP or AVIF file");
  if ((metadata.pages ?? 1) > 1 || isAnimatedPng(bytes))
    throw new InputError("image_animated", "the image is animated; a still image is needed");
  const { width, height } = metadata;
  if (Math.min(width, height) < IMAGE_LIMITS.side)
    throw new InputError(
      "image_too_small",
      `the image is ${width}×${height}; each side needs at least ${IMAGE_LIMITS.side} pixels`,
    );
  if (width * height > IMAGE_LIMITS.pixels)
    throw new InputError(
      "image_too_large",
      `the image is ${width}×${height}; at most ${IMAGE_LIMITS.pixels / 1e6} megapixels are taken`,
    );
  return metadata;
}

/**
 * Decodes a photo in this process, which must be the decoding process unless this project wrote the file itself. CMYK
 * without a profile is read with libvips' own.
 * @param longest longer side in pixels to which the photo is reduced; null keeps its size
 * @throws InputError as `decodePhoto`
 */
export async function decodePhotoHere(bytes: Uint8Array, longest: number | null = null): Promise<Photo> {
  const metadata = await inspectImage(bytes);
  const decode = (file: Uint8Array, failOn: FailOn) => decodedPixels(file, metadata, longest, failOn);
  return decode(bytes, "error")
    .catch((error: unknown) => {
      // all pixels may be there with only the end marker missing; then there is nothing else to warn about
      if (metadata.format !== "jpeg" || hasEnd(bytes)) throw error;
      return decode(Buffer.concat([bytes, JPEG_END]), "warning");
    })
    .catch((cause: unknown) => {
      throw new InputError(
        "image_undecodable",
        "the image is damaged or cut off, or takes too long to decode",
        { cause },
      );
    });
}

/** EOI (ITU T.81, table B.1). */
const JPEG_END = Buffer.of(0xff, 0xd9);

const hasEnd = (bytes: Uint8Array) => Buffer.from(bytes.subarray(-64)).includes(JPEG_END);

async function decodedPixels(
  bytes: Uint8Array,
  metadata: Metadata,
  longest: number | null,
  failOn: FailOn,
): Promise<Photo> {
  const { hasAlpha, hasProfile, depth, space } = metadata;
  const described = describedColour(bytes);
  const byNumbers = described !== null && (described.overProfile || !hasProfile) ? described.colour : null;
  const deep = depth === "ushort";
  const settings = { failOn, limitInputPixels: IMAGE_LIMITS.pixels, sequentialRead: true } as const;
  // sharp ignores the profile of 16-bit grey, but not that of 8-bit grey
  const file =
    deep && hasProfile && space === "grey16" && byNumbers === null
      ? await sharp(bytes, settings)
          .toColourspace("b-w")
          .keepIccProfile()
          .png({ compressionLevel: 0 })
          .toBuffer()
      : bytes;
  const strict = sharp(file, { ...settings, ignoreIcc: byNumbers !== null }).timeout({
    seconds: DECODE_SECONDS,
  });
  const inside = { fit: "inside", withoutEnlargement: true } as const;
  const turned = strict.autoOrient();
  const upright = longest === null ? turned : turned.resize(longest, longest, inside);
  if (byNumbers !== null) {
    const wide = upright.toColourspace(deep ? "rgb16" : "srgb");
    const { data, info } = await (hasAlpha ? wide.ensureAlpha() : wide)
      .raw({ depth: deep ? "ushort" : "uchar" })
      .toBuffer({ resolveWithObject: true });
    const values = deep ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
    const { width, height } = info;
    const channels = info.channels === 4 ? 4 : 3;
    return photoOf(toSrgb(values, channels, byNumbers), { width, height, channels });
  }
  const plain = upright.toColourspace("srgb");
  // sharp converts 16-bit pictures with a profile to Display P3, and to sRGB only if the output asks for it
  const converted = deep && hasProfile && file === bytes ? plain.withIccProfile("srgb") : plain;
  const { data, info } = await (hasAlpha ? converted.ensureAlpha() : converted)
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return photoOf(data, info);
}

function photoOf(
  data: Uint8Array,
  { width, height, channels }: { readonly width: number; readonly height: number; readonly channels: number },
): Photo {
  // not a Buffer, whose slices share its memory
  const bytesOf = () => new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { width, height, ...(channels === 3 ? { rgb: bytesOf(), alpha: null } : withoutAlpha(data)) };
}

/** Splits interleaved RGBA into colours and alpha. */
function withoutAlpha(rgba: Uint8Array): Pick<Photo, "rgb" | "alpha"> {
  const pixels = rgba.length / 4;
  const rgb = new Uint8Array(pixels * 3);
  const alpha = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    rgb[3 * i] = rgba[4 * i] as number;
    rgb[3 * i + 1] = rgba[4 * i + 1] as number;
    rgb[3 * i + 2] = rgba[4 * i + 2] as number;
    alpha[i] = rgba[4 * i + 3] as number;
  }
  return { rgb, alpha };
}

/** Decodes one channel of a mask in this process. @throws InputError `mask_invalid` */
export async function decodeGreyHere(bytes: Uint8Array): Promise<Grey> {
  if (bytes.byteLength === 0) throw new InputError("mask_invalid", "the located mask is empty");
  const { data, info } = await openImage(bytes, IMAGE_LIMITS.pixels)
    .timeout({ seconds: DECODE_SECONDS })
    .toColourspace("b-w")
    .extractChannel(0)
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new InputError("mask_invalid", "the located mask cannot be decoded", { cause });
    });
  return { width: info.width, height: info.height, data };
}

/** An animated PNG has an `acTL` chunk before its first `IDAT` (APNG specification), which libvips ignores. */
function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 8 || view.getUint32(0) !== 0x89504e47) return false;
  for (let offset = 8; offset + 8 <= bytes.byteLength; offset += 12 + view.getUint32(offset)) {
    const type = view.getUint32(offset + 4);
    if (type === 0x6163544c) return true;
    if (type === 0x49444154) return false;
  }
  return false;
}
