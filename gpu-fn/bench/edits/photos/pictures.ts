import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import type { Region } from "../../../../shared/regions.ts";
import { InputError } from "../../../src/errors.ts";
import { fromModel, portraitSquare, toModel } from "../../../src/image/crop.ts";
import { decodeGrey, decodePhoto } from "../../../src/image/decode.ts";
import type { Photo, Rectangle } from "../../../src/image/picture.ts";
import type { SourcePictures } from "../cases.ts";
import type { FaceLandmarks } from "../perceptual/metric.ts";
import type { PhotoCase } from "./cases.ts";
import { inSquare } from "./landmarks.ts";

/** A photo as it is judged: the square that the model edits, at the model's resolution. */
export interface PhotoPictures extends SourcePictures {
  /** Coverage bytes of the region by the user's parser; absent without its masks. */
  readonly region?: Uint8Array;
  /** In pixels of the square. */
  readonly landmarks?: FaceLandmarks;
}

/** What a user may know about the photos beside labels. */
export interface PhotoKnowledge {
  /** Folder of a parser's masks: `<photo>/<region>.png`, white is the region. */
  readonly masks?: string;
  /** By row of the labels, in pixels of the photo. */
  readonly landmarks?: ReadonlyMap<string, FaceLandmarks>;
}

/** @throws InputError if photo, mask or landmarks are missing or cannot be used */
export async function openPhoto(
  { photo: name, path, row, region }: PhotoCase,
  resolution: number,
  { masks, landmarks }: PhotoKnowledge = {},
): Promise<PhotoPictures> {
  const photo = await readPhoto(path);
  const square = portraitSquare(photo.width, photo.height);
  const size = { width: resolution, height: resolution };
  const source = fromModel(await toModel(photo, square, size));
  const raw = { ...size, channels: 3 } as const;
  const file = await sharp(source, { raw }).png().toBuffer();
  const face = landmarks?.get(row);
  if (landmarks !== undefined && face === undefined)
    throw new InputError("option_invalid", `the landmarks have no row ${row}`);
  return {
    source,
    file,
    ...(masks !== undefined && {
      region: await parserRegion(maskPath(masks, name, region), photo, square, resolution),
    }),
    ...(face !== undefined && { landmarks: inSquare(face, square, resolution) }),
  };
}

/** Upright sRGB. @throws InputError that names the file */
async function readPhoto(path: string): Promise<Photo> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new InputError("file_unreadable", `${path} cannot be read`, { cause });
  });
  return decodePhoto(bytes).catch((error: unknown) => {
    if (error instanceof InputError) throw new InputError(error.code, `${path}: ${error.message}`);
    throw error;
  });
}

export const maskPath = (folder: string, photo: string, region: Region): string =>
  join(folder, photo, `${region}.png`);

/** A parser's mask in the photo's square. Its size may differ (CelebAMask-HQ has half the photos'), not its shape. */
async function parserRegion(
  path: string,
  photo: Photo,
  square: Rectangle,
  resolution: number,
): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new InputError("file_unreadable", `${path} cannot be read`, { cause });
  });
  const { width, height, data } = await decodeGrey(bytes);
  const scale = width / photo.width;
  if (Math.abs(height - scale * photo.height) > 1)
    throw new InputError(
      "mask_invalid",
      `${path}: it is ${width}×${height}, the photo is ${photo.width}×${photo.height}; the shapes differ`,
    );
  const scaled = (length: number) => Math.round(scale * length);
  const [left, top] = [scaled(square.left), scaled(square.top)];
  const side = Math.min(scaled(square.width), width - left, height - top);
  return sharp(data, { raw: { width, height, channels: 1 }, limitInputPixels: false })
    .extract({ left, top, width: side, height: side })
    .resize(resolution, resolution, { kernel: "linear" })
    .toColourspace("b-w")
    .raw()
    .toBuffer();
}
