/** Reads a drawn mask in any of the common conventions. */
import { InputError } from "../errors.ts";
import { decodePhoto } from "./decode.ts";
import { lumaAt } from "./luma.ts";
import type { Mask, Photo } from "./picture.ts";

/** A mask whose brightest value, 0…1, is at most this is empty. A mask of zeros and ones has 1 of 255. */
const EMPTY = 4 / 255;

/** A mask drawn by a person or a program. */
export interface DrawnMask extends Mask {
  /** Whether it was read as a photo with a hole, as in OpenAI's image API: the hole is edited. */
  readonly hole: boolean;
}

/**
 * Reads a mask for a photo:
 * - without transparency, white is edited and black is not;
 * - black and white with transparency: white is edited, as far as it is opaque;
 * - strokes of any colour on a transparent layer: what is opaque is edited;
 * - the photo itself with a transparent hole (OpenAI's convention): the hole is edited.
 * @throws InputError `mask_invalid` if it cannot be read or its size is not the photo's; `mask_empty`
 */
export async function decodeMask(bytes: Uint8Array, photo: Photo): Promise<DrawnMask> {
  const drawn = await decodePhoto(bytes).catch((error: unknown) => {
    if (error instanceof InputError)
      throw new InputError("mask_invalid", `mask: ${error.message}`, { cause: error.cause });
    throw error;
  });
  const { width, height } = photo;
  if (drawn.width !== width || drawn.height !== height)
    throw new InputError(
      "mask_invalid",
      `mask: it is ${drawn.width}×${drawn.height}, the photo is ${width}×${height}; both must agree`,
    );
  const hole = isPhotoWithHole(drawn, photo);
  if (!hole && isLayer(drawn) && isFrame(drawn))
    throw new InputError(
      "mask_invalid",
      "mask: it is opaque all around a transparent hole, which OpenAI's API would edit; send white where it is edited, on black",
    );
  const mask = { width, height, data: coverageOf(drawn, hole), hole };
  const most = mask.data.reduce((brightest, value) => Math.max(brightest, value), 0);
  if (most <= EMPTY)
    throw new InputError(
      "mask_empty",
      most === 0
        ? "the mask is empty: white is edited, and nothing is white"
        : `the mask is empty: white (255) is edited, and its brightest value is ${Math.round(255 * most)}`,
    );
  return mask;
}

function coverageOf(drawn: Photo, hole: boolean): Float32Array {
  const { rgb, alpha } = drawn;
  const opaque = (i: number) => (alpha?.[i] ?? 255) / 255;
  const light = (i: number) => lumaAt(rgb, i) / 255;
  const of = hole
    ? (i: number) => 1 - opaque(i)
    : isLayer(drawn)
      ? opaque
      : (i: number) => light(i) * opaque(i);
  return Float32Array.from({ length: rgb.length / 3 }, (_, i) => of(i));
}

/** Share of the opaque pixels that must be dark, and light, in a black and white mask. */
const SOME = 0.002;

/** Whether this is strokes of any colour on a transparent layer. Not both black and white, which have meanings. */
function isLayer({ rgb, alpha }: Photo): boolean {
  if (alpha === null) return false;
  let [there, dark, light, away] = [0, 0, 0, 0];
  for (let i = 0; i < alpha.length; i++) {
    if ((alpha[i] as number) < 128) {
      away += 1;
      continue;
    }
    there += 1;
    const [r, g, b] = [rgb[3 * i] as number, rgb[3 * i + 1] as number, rgb[3 * i + 2] as number];
    if (Math.max(r, g, b) < 32) dark += 1;
    if (Math.min(r, g, b) > 223) light += 1;
  }
  return away > 0 && !(dark > SOME * there && light > SOME * there);
}

/** Whether a layer covers most of the photo and all its corners, as a picture with a hole does and strokes do not. */
function isFrame({ width, height, alpha }: Photo): boolean {
  if (alpha === null) return false;
  const corners = [0, width - 1, width * (height - 1), width * height - 1];
  const opaque = alpha.reduce((count, value) => count + Number(value >= 128), 0);
  return opaque > alpha.length / 2 && corners.every((at) => (alpha[at] as number) >= 128);
}

/** Largest mean difference of a channel, in levels, for a picture to count as the photo, saved again. */
const SAME = 12;

/** Fewer pixels than this share of the photo cannot be distinguished from strokes. */
const MOST = 0.2;

function isPhotoWithHole({ rgb, alpha }: Photo, photo: Photo): boolean {
  if (alpha === null) return false;
  let [there, off, away] = [0, 0, 0];
  for (let i = 0; i < alpha.length; i++) {
    if ((alpha[i] as number) < 255) away += 1;
    if ((alpha[i] as number) < 255 || photo.alpha?.[i] === 0) continue;
    there += 1;
    for (let at = 3 * i; at < 3 * i + 3; at++)
      off += Math.abs((rgb[at] as number) - (photo.rgb[at] as number));
  }
  return away > 0 && there > MOST * alpha.length && off / (3 * there) < SAME;
}
