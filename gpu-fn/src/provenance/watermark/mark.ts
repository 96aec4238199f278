import sharp from "sharp";
import type { Photo } from "../../image/decode.ts";
import { encodePhoto } from "../../image/encode.ts";
import { detectWhole } from "./detect.ts";
import { embed } from "./embed.ts";
import { gridOf } from "./grid.ts";
import { type Patterns, patternsOf, tileOf } from "./pattern.ts";

/** Version of the patterns and of how they are laid; 4 bits of the payload. */
const VERSION = 1;

/** What a deployment marks with. */
export interface MarkKey {
  readonly patterns: Patterns;
  /** 0…255, the deployment's own: tells those with one secret apart. */
  readonly tag: number;
}

export function markKeyOf(secret: string, tag = 0): MarkKey {
  return { patterns: patternsOf(secret), tag };
}

export const payloadOf = (tag: number) => (VERSION << 8) | tag;
export const readPayload = (payload: number) => ({ version: payload >> 8, tag: payload & 0xff });

/** Factors on the strength that is not seen, for regions too small to carry the mark at the first. */
const GAINS = [1, 1.4, 2] as const;

/** What the score shall be after the treatments below, so that other pictures' noise and encoders have room. */
const ROOM = 9;

/** A search over all grids asks for 7.8; less than this is left to luck. */
const LEAST = 8;

const JPEG_QUALITY = 80;

/** `held`: read after JPEG 80 and after a resize to half; `weak`: only as it is; `none`: the region is too small. */
export type Held = "held" | "weak" | "none";

/**
 * Marks a picture inside a mask, no stronger than it takes to be read after JPEG 80 and after a resize to half. Where not
 * even the strongest can be read the picture comes back as it was.
 * @param mask `width·height` bytes, 0 is never touched; null marks the whole picture
 */
export async function markPicture(
  photo: Photo,
  mask: Uint8Array | null,
  { patterns, tag }: MarkKey,
): Promise<{ readonly picture: Photo; readonly held: Held }> {
  const payload = payloadOf(tag);
  const tile = tileOf(patterns, payload);
  const grids = [gridOf(photo)];
  const scoreOf = async (picture: Photo) => {
    const { found, score, payload: read } = await detectWhole(picture, patterns, grids);
    return found && read === payload ? score : 0;
  };
  let picture = photo;
  for (const gain of GAINS) {
    picture = await embed(photo, mask, tile, gain);
    const scores = [];
    for (const treated of await treatedOf(picture)) scores.push(await scoreOf(treated));
    if (Math.min(...scores) >= (gain === GAINS.at(-1) ? LEAST : ROOM)) return { picture, held: "held" };
  }
  return (await scoreOf(picture)) >= LEAST ? { picture, held: "weak" } : { picture: photo, held: "none" };
}

/** The picture after JPEG 80, and after a resize to half its sides. */
async function treatedOf(picture: Photo): Promise<Photo[]> {
  const { width, height } = picture;
  const jpeg = await encodePhoto({ ...picture, alpha: null }, "jpeg", JPEG_QUALITY);
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const whole = sharp(picture.rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false });
  return [
    { width, height, rgb: await sharp(jpeg, { limitInputPixels: false }).raw().toBuffer(), alpha: null },
    {
      ...half,
      rgb: await whole
        .resize({ ...half, fit: "fill" })
        .raw()
        .toBuffer(),
      alpha: null,
    },
  ];
}
