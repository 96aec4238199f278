import sharp from "sharp";
import type { Square } from "./crop.ts";
import type { Photo } from "./decode.ts";
import { featherMask, type Mask } from "./mask.ts";

/** Coverage below the first is left alone, above the second fully pasted: a located mask has soft, broad flanks. */
const PASTE_RAMP = [0.1, 0.5] as const;

/**
 * The mask of the paste-back at the photo's own size: 8-bit grey, 255 is edited, 0 outside the square the
 * model saw. A mask on the square's grid is enlarged bilinearly; one of the photo's size is taken as it is.
 */
export async function pasteMask(
  mask: Mask,
  photo: Photo,
  square: Square,
  feather: number,
): Promise<Uint8Array> {
  const { width, height } = photo;
  const { left, top, side } = square;
  const wholePhoto = mask.width === width && mask.height === height;
  const ramped = Uint8Array.from(mask.data, (value) => Math.round(255 * smoothstep(value, PASTE_RAMP)));
  const raw = { width: mask.width, height: mask.height, channels: 1 } as const;
  const inSquare = wholePhoto
    ? await sharp(ramped, { raw, limitInputPixels: false })
        .extract({ left, top, width: side, height: side })
        .toColourspace("b-w")
        .raw()
        .toBuffer()
    : await sharp(ramped, { raw })
        .resize(side, side, { kernel: "linear", fit: "fill" })
        .toColourspace("b-w")
        .raw()
        .toBuffer();
  const soft = await featherMask(inSquare, side, side, feather);
  const whole = new Uint8Array(width * height);
  for (let y = 0; y < side; y++) whole.set(soft.subarray(y * side, (y + 1) * side), (top + y) * width + left);
  return whole;
}

/**
 * Change of a pixel, in levels of 255, up to which the photo's own detail is kept and from which the edit stands
 * alone. The decoder's picture of an unchanged place differs from the photo's by less than the first.
 */
const DETAIL_RAMP = [10, 40] as const;

/** The decoder's pictures of the square, `resolution²·3` bytes each: after the edit, and of the untouched latent. */
export interface DecodedPair {
  readonly edited: Uint8Array;
  readonly reconstructed: Uint8Array;
}

/**
 * Lays the edited square over the photo: (1 − m)·photo + m·edit for each pixel, rounded; where m is 0 the
 * photo's bytes stay as they are. A photo is sharper than the model's square: where the edit hardly moved the
 * model's own picture, the movement is added to the photo instead of replacing its detail.
 */
export async function pasteBack(
  photo: Photo,
  { edited, reconstructed }: DecodedPair,
  resolution: number,
  square: Square,
  mask: Uint8Array,
): Promise<Photo> {
  const { left, top, side } = square;
  const [after, before, moved] = await Promise.all([
    enlarge(edited, resolution, side),
    enlarge(reconstructed, resolution, side),
    enlarge(movement(edited, reconstructed), resolution, side),
  ]);
  const rgb = photo.rgb.slice();
  const replacedAt = Float64Array.from({ length: 256 }, (_, level) => smoothstep(level, DETAIL_RAMP));
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const at = (top + y) * photo.width + left + x;
      const m = mask[at] as number;
      if (m === 0) continue;
      for (let c = 0; c < 3; c++) {
        const from = 3 * (y * side + x) + c;
        const own = rgb[3 * at + c] as number;
        const edit = after[from] as number;
        const replaced = replacedAt[moved[from] as number] as number;
        const refined = own + edit - (before[from] as number);
        const value = own + ((replaced * edit + (1 - replaced) * refined - own) * m) / 255;
        rgb[3 * at + c] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
  return { ...photo, rgb };
}

/** How far each pixel moved: the largest of its three channels, the same for all of them. */
function movement(a: Uint8Array, b: Uint8Array): Uint8Array {
  const moved = new Uint8Array(a.length);
  for (let first = 0; first < a.length; first += 3) {
    let most = 0;
    for (let at = first; at < first + 3; at++)
      most = Math.max(most, Math.abs((a[at] as number) - (b[at] as number)));
    moved.fill(most, first, first + 3);
  }
  return moved;
}

async function enlarge(rgb: Uint8Array, from: number, to: number): Promise<Uint8Array> {
  return sharp(rgb, { raw: { width: from, height: from, channels: 3 } })
    .resize(to, to, { kernel: "lanczos3" })
    .raw()
    .toBuffer();
}

/** The edited square alone, at the model's size on the photo's square: no paste-back, nothing of the source. */
export function squareOnly(edited: Uint8Array, resolution: number): Photo {
  return { width: resolution, height: resolution, rgb: edited, alpha: null };
}

function smoothstep(value: number, [low, high]: readonly [number, number]): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
