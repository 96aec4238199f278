/** Previews of an edit: the picture that the path would end at if it went straight on from here. */
import sharp from "sharp";
import { overWhite, wholeOf } from "../image/crop.ts";
import type { Part, Photo, Size } from "../image/picture.ts";
import { laidOnto, type Plane } from "../image/turn.ts";

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

/** Decides after which steps a preview is worth decoding: a short edit has none, a long one at most four. */
export class PreviewPace {
  readonly #since: number;
  #count = 0;

  /** @param since when the edit pass began, in milliseconds */
  constructor(since: number) {
    this.#since = since;
  }

  /** Whether a preview is due now; each `true` counts as one. */
  due(now: number): boolean {
    if (this.#count >= PREVIEWS_MAX || now - this.#since < FIRST_MS * (2 ** (this.#count + 1) - 1))
      return false;
    this.#count += 1;
    return true;
  }
}

/**
 * The clean latent that a step points to: Z − t·v with the step's own mean velocity v. If the flow's paths are
 * straight (Eq. 10), they end there.
 * @param before the latent before the step, at time `from`; `after` is the latent after it, at time `to`
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
 * Lays the decoder's picture of a part over the photo on white, both reduced, as far as the mask allows.
 * @param decoded `h·w·3` bytes, RGB
 * @param mask of the photo's size, 8-bit grey
 */
export async function drawPreview(
  photo: Photo,
  part: Part,
  mask: Uint8Array,
  decoded: Uint8Array,
  size: Size,
): Promise<Preview> {
  const whole = { width: photo.width, height: photo.height };
  const scale = Math.min(1, SIDE_MAX / Math.max(photo.width, photo.height));
  const scaled = (length: number) => Math.max(1, Math.round(length * scale));
  const small = { width: scaled(photo.width), height: scaled(photo.height) };
  const [source, alpha] = await Promise.all([
    reduced({ data: overWhite(photo), channels: 3, ...whole }, small),
    reduced({ data: mask, channels: 1, ...whole }, small),
  ]);
  const edited = laidOnto({ data: decoded, channels: 3, ...size }, part, wholeOf(photo), small, {
    beyond: "edge",
  });
  const there = { data: Float32Array.of(1), channels: 1, width: 1, height: 1 } as const;
  const inside = laidOnto(there, part, wholeOf(photo), small, { beyond: "nothing" });
  const shown = source.map((value, i) => {
    const pixel = Math.floor(i / 3);
    const share = ((alpha[pixel] as number) / 255) * (inside[pixel] as number);
    return Math.round(value + share * ((edited[i] as number) - value));
  });
  const bytes = await sharp(shown, { raw: { ...small, channels: 3 } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
  return { bytes, ...small };
}

async function reduced({ data, channels, width, height }: Plane<Uint8Array>, to: Size): Promise<Uint8Array> {
  const raw = { width, height, channels };
  const result = await sharp(data, { raw, limitInputPixels: false })
    .resize(to.width, to.height, { fit: "fill" })
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw()
    .toBuffer();
  return new Uint8Array(result);
}
