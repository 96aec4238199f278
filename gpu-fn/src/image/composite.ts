import sharp from "sharp";
import { overlapOf, overWhite, wholeOf } from "./crop.ts";
import { featherMask } from "./mask.ts";
import type { Mask, Photo, Rectangle, Size } from "./picture.ts";
import { boundsOf } from "./window.ts";

/** Coverage below the first is left alone, above the second fully pasted: a located mask has soft, broad flanks. */
const PASTE_RAMP = [0.1, 0.5] as const;

/**
 * The mask of the paste-back at the photo's own size: 8-bit grey, 255 is edited, 0 outside the part that the mask
 * counts in. A mask on that part's grid is enlarged bilinearly; one of the photo's size is taken as it is.
 */
export async function pasteMask(
  mask: Mask,
  photo: Photo,
  part: Rectangle,
  feather: number,
): Promise<Uint8Array> {
  const wholePhoto = mask.width === photo.width && mask.height === photo.height;
  const { left, top, width, height } = part;
  const ramped = Uint8Array.from(mask.data, (value) => Math.round(255 * smoothstep(value, PASTE_RAMP)));
  const raw = { width: mask.width, height: mask.height, channels: 1 } as const;
  const inPart = wholePhoto
    ? await sharp(ramped, { raw, limitInputPixels: false })
        .extract(part)
        .toColourspace("b-w")
        .raw()
        .toBuffer()
    : await enlarge(ramped, 1, mask, part);
  const soft = await featherMask(inPart, width, height, feather);
  const whole = new Uint8Array(photo.width * photo.height);
  for (let y = 0; y < height; y++)
    whole.set(soft.subarray(y * width, (y + 1) * width), (top + y) * photo.width + left);
  return whole;
}

/**
 * Change of a pixel, in levels of 255, up to which the photo's own detail is kept and from which the edit stands
 * alone. The decoder's picture of an unchanged place differs from the photo's by less than the first.
 */
const DETAIL_RAMP = [10, 40] as const;

/** The decoder's pictures of what the model saw, `h·w·3` bytes each: after the edit, and of the untouched latent. */
export interface DecodedPair {
  readonly size: Size;
  readonly edited: Uint8Array;
  readonly reconstructed: Uint8Array;
}

/**
 * Lays the edited part over the photo: (1 − m)·photo + m·edit for each pixel, rounded; where m is 0 the
 * photo's bytes stay as they are. A photo is sharper than the model's picture: where the edit hardly moved that
 * picture, the movement is added to the photo instead of replacing its detail. Alpha stays; the model saw the photo
 * on white, so a half transparent pixel gets the colour that looks on white as the edit does.
 */
export async function pasteBack(
  photo: Photo,
  { edited, reconstructed, size }: DecodedPair,
  part: Rectangle,
  mask: Uint8Array,
): Promise<Photo> {
  const rgb = photo.rgb.slice();
  const box = maskedPart(photo, mask, part);
  if (box === null) return { ...photo, rgb };
  const inPart = { ...box, left: box.left - part.left, top: box.top - part.top };
  const enlarged = (picture: Uint8Array, channels: 1 | 3) => enlarge(picture, channels, size, part, inPart);
  const [after, before, moved] = await Promise.all([
    enlarged(edited, 3),
    enlarged(reconstructed, 3),
    enlarged(movement(edited, reconstructed), 1),
  ]);
  const seen = overWhite(photo);
  const replacedAt = Float64Array.from({ length: 256 }, (_, level) => smoothstep(level, DETAIL_RAMP));
  for (let y = 0; y < box.height; y++)
    for (let x = 0; x < box.width; x++) {
      const at = (box.top + y) * photo.width + box.left + x;
      const m = mask[at] as number;
      const alpha = (photo.alpha?.[at] ?? 255) / 255;
      if (m === 0 || alpha === 0) continue;
      const pixel = y * box.width + x;
      const replaced = replacedAt[moved[pixel] as number] as number;
      for (let c = 0; c < 3; c++) {
        const own = seen[3 * at + c] as number;
        const edit = after[3 * pixel + c] as number;
        const refined = own + edit - (before[3 * pixel + c] as number);
        const change = ((replaced * edit + (1 - replaced) * refined - own) * m) / 255;
        const value = (rgb[3 * at + c] as number) + change / alpha;
        rgb[3 * at + c] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
  return { ...photo, rgb };
}

/** The rectangle of a part that its mask touches: nothing else need be enlarged. */
function maskedPart({ width, height }: Size, mask: Uint8Array, part: Rectangle): Rectangle | null {
  const box = boundsOf({ width, height, data: mask });
  return box && overlapOf(box, part);
}

/** How far each pixel moved: the largest of its three channels. */
function movement(a: Uint8Array, b: Uint8Array): Uint8Array {
  const moved = new Uint8Array(a.length / 3);
  for (let pixel = 0; pixel < moved.length; pixel++) {
    const of = (c: number) => Math.abs((a[3 * pixel + c] as number) - (b[3 * pixel + c] as number));
    moved[pixel] = Math.max(of(0), of(1), of(2));
  }
  return moved;
}

/** A picture of one or three channels at another size, or a rectangle of that. What is linear does not ring. */
async function enlarge(
  picture: Uint8Array,
  channels: 1 | 3,
  from: Size,
  to: Size,
  wanted: Rectangle = wholeOf(to),
): Promise<Uint8Array> {
  return sharp(picture, { raw: { width: from.width, height: from.height, channels } })
    .resize(to.width, to.height, { kernel: channels === 1 ? "linear" : "lanczos3", fit: "fill" })
    .extract(wanted)
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw()
    .toBuffer();
}

/** The edited part alone, at the model's size: no paste-back, nothing of the source. */
export function partOnly({ edited, size }: DecodedPair): Photo {
  return { width: size.width, height: size.height, rgb: edited, alpha: null };
}

function smoothstep(value: number, [low, high]: readonly [number, number]): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
