/** Pictures of an edit on its way: what the path would end at if it went straight on from here. */
import sharp from "sharp";
import { overWhite } from "../image/crop.ts";
import type { Photo, Rectangle, Size } from "../image/picture.ts";

/** A small JPEG of the photo with the edit so far. */
export interface Preview {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Most previews of one edit. */
export const PREVIEWS_MAX = 4;

/** Milliseconds of the edit pass before the first preview; each gap is twice the one before. */
const FIRST_MS = 1_000;

/** Longest side in pixels. */
const SIDE_MAX = 512;

const QUALITY = 75;

/** Says after which steps a preview is worth its decoding: a short edit has none, a long one four at most. */
export class PreviewPace {
  readonly #since: number;
  #count = 0;

  /** @param since when the edit pass began, in milliseconds */
  constructor(since: number) {
    this.#since = since;
  }

  /** Whether one is due now; each yes counts. */
  due(now: number): boolean {
    if (this.#count >= PREVIEWS_MAX || now - this.#since < FIRST_MS * (2 ** (this.#count + 1) - 1))
      return false;
    this.#count += 1;
    return true;
  }
}

/**
 * The clean latent that a step points at: Z − t·v with the step's own mean velocity v. Where the flow's paths are
 * straight (Eq. 10) it is where they end.
 * @param before the latent the step began with, at time `from`, and `after` where it led, at `to`
 */
export function expectedClean(
  before: Float32Array,
  after: Float32Array,
  { from, to }: { readonly from: number; readonly to: number },
): Float32Array {
  const reach = to / (to - from);
  return after.map((value, index) => value - reach * (value - (before[index] as number)));
}

/**
 * Lays the decoder's picture of a part over the photo on white, both made small, where the mask says so.
 * @param decoded `h·w·3` bytes, RGB
 * @param mask of the photo's size, 8-bit grey
 */
export async function drawPreview(
  photo: Photo,
  part: Rectangle,
  mask: Uint8Array,
  decoded: Uint8Array,
  size: Size,
): Promise<Preview> {
  const scale = Math.min(1, SIDE_MAX / Math.max(photo.width, photo.height));
  const scaled = (length: number) => Math.max(1, Math.round(length * scale));
  const [width, height] = [scaled(photo.width), scaled(photo.height)];
  const inside = {
    width: Math.min(scaled(part.width), width),
    height: Math.min(scaled(part.height), height),
  };
  const left = Math.min(Math.round(part.left * scale), width - inside.width);
  const top = Math.min(Math.round(part.top * scale), height - inside.height);
  const whole = { width: photo.width, height: photo.height } as const;
  const alpha = await sharp(mask, { raw: { ...whole, channels: 1 }, limitInputPixels: false })
    .extract(part)
    .resize(inside.width, inside.height, { fit: "fill" })
    .toColourspace("b-w")
    .raw()
    .toBuffer();
  const edited = await sharp(decoded, { raw: { width: size.width, height: size.height, channels: 3 } })
    .resize(inside.width, inside.height, { fit: "fill" })
    .joinChannel(alpha, { raw: { ...inside, channels: 1 } })
    .raw()
    .toBuffer();
  const small = await sharp(overWhite(photo), { raw: { ...whole, channels: 3 }, limitInputPixels: false })
    .resize(width, height, { fit: "fill" })
    .raw()
    .toBuffer();
  const bytes = await sharp(small, { raw: { width, height, channels: 3 } })
    .composite([{ input: edited, raw: { ...inside, channels: 4 }, left, top }])
    .jpeg({ quality: QUALITY })
    .toBuffer();
  return { bytes, width, height };
}
