import sharp from "sharp";
import { beyondView } from "./beyond-view.ts";
import { NOWHERE, overlapOf, overWhite, wholeOf } from "./crop.ts";
import { toGrey } from "./grey.ts";
import { keptDetail } from "./kept-detail.ts";
import type { DecodedPair, Grey, Mask, Part, Photo, Rectangle, Size } from "./picture.ts";
import { boxAround, laidOnto, type Plane, placeIn } from "./turn.ts";
import { boundsOf } from "./window.ts";

/** Ramp over a located mask, whose edges are soft and wide: nothing is pasted below the first value, all above the second. */
const PASTE_RAMP = [0.1, 0.5] as const;

/**
 * A located mask as the paste-back mask, at the photo's own size: enlarged bilinearly over its part, 0 outside.
 */
export async function spreadMask(mask: Mask, photo: Size, part: Part): Promise<Grey> {
  const ramped = new Uint8Array(mask.data.length);
  for (let i = 0; i < ramped.length; i++)
    ramped[i] = Math.round(255 * smoothstep(mask.data[i] as number, PASTE_RAMP));
  const data = new Uint8Array(photo.width * photo.height);
  const cells = boundsOf({ ...sizeOf(mask), data: ramped });
  const covered = overlapOf(boxAround(part), wholeOf(photo));
  const box = cells && covered && overlapOf(boxAround(partOfCells(part, mask, cells)), covered);
  if (box === null) return { ...sizeOf(photo), data, box: NOWHERE };
  const inBox = await spread({ data: ramped, channels: 1, ...sizeOf(mask) }, part, box, "nothing");
  for (let y = 0; y < box.height; y++)
    data.set(inBox.subarray(y * box.width, (y + 1) * box.width), (box.top + y) * photo.width + box.left);
  return { ...sizeOf(photo), data, box };
}

/** Where some cells of a mask lie in the photo, with the half cell around them that interpolation fills. */
function partOfCells(part: Part, grid: Size, { left, top, width, height }: Rectangle): Part {
  const [across, down] = [part.width / grid.width, part.height / grid.height];
  const middle = { x: (left + width / 2) / grid.width, y: (top + height / 2) / grid.height };
  const { x, y } = placeIn(part, middle);
  const [wide, high] = [(width + 1) * across, (height + 1) * down];
  return { ...part, left: x - wide / 2, top: y - high / 2, width: wide, height: high };
}

/** A mask of the photo's size as the paste-back mask, pixel by pixel. */
export const exactMask = (mask: Mask): Grey => toGrey(mask);

/**
 * Blends the edited part into the photo: (1 − m)·photo + m·edit for each pixel, rounded. If m is 0, the photo's bytes
 * stay unchanged. A photo is sharper than the model's picture, so what that lost of the photo's detail is added to the
 * edit where it still fits (`keptDetail`). Where the mask goes on beyond the part, the photo gets the edit's change of colour
 * (`beyondView`). Alpha stays. The model saw the photo on white, so a half transparent pixel
 * gets the colour that looks like the edit on white.
 */
export async function pasteBack(
  photo: Photo,
  { edited, reconstructed, size }: DecodedPair,
  part: Part,
  mask: Uint8Array,
): Promise<Photo> {
  const rgb = photo.rgb.slice();
  const bounds = boundsOf({ width: photo.width, height: photo.height, data: mask });
  const box = bounds && overlapOf(bounds, boxAround(part));
  if (bounds === null || box === null) return { ...photo, rgb };
  const enlarged = (data: Uint8Array, channels: 1 | 3) =>
    spread({ data, channels, ...size }, part, box, "edge");
  const detail = keptDetail({ edited, reconstructed }, size);
  const [after, before, kept] = await Promise.all([
    enlarged(edited, 3),
    enlarged(reconstructed, 3),
    enlarged(detail, 1),
  ]);
  const beyond = beyondView({ edited, reconstructed, size }, detail, part, {
    width: photo.width,
    height: photo.height,
    data: mask,
    box: bounds,
  });
  const seen = overWhite(photo);
  const recoloured = new Float64Array(3);
  for (let y = bounds.top; y < bounds.top + bounds.height; y++)
    for (let x = bounds.left; x < bounds.left + bounds.width; x++) {
      const at = y * photo.width + x;
      const m = mask[at] as number;
      const alpha = (photo.alpha?.[at] ?? 255) / 255;
      if (m === 0 || alpha === 0) continue;
      const share = beyond.shareAt(x, y);
      const pixel = (y - box.top) * box.width + x - box.left;
      if (share < 1) beyond.recolour?.changeOf(seen, at, recoloured);
      for (let c = 0; c < 3; c++) {
        const own = seen[3 * at + c] as number;
        let change = (1 - share) * (recoloured[c] as number);
        if (share > 0) {
          const fits = (kept[pixel] as number) / 255;
          const lost = own - (before[3 * pixel + c] as number);
          change += share * ((after[3 * pixel + c] as number) + fits * lost - own);
        }
        const value = (rgb[3 * at + c] as number) + (change * m) / 255 / alpha;
        rgb[3 * at + c] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
  return { ...photo, rgb };
}

/** A picture is enlarged by at most this factor before it is turned; beyond that, bilinear is smooth enough. */
const SMOOTH = 4;

/**
 * Brings a picture of a part to the photo's scale, inside a box. Single channels are enlarged bilinearly, which does not
 * ring.
 * @param beyond what lies outside the part: its outermost pixels, or nothing
 */
async function spread(
  picture: Plane<Uint8Array>,
  part: Part,
  box: Rectangle,
  beyond: "edge" | "nothing",
): Promise<Uint8Array> {
  if (!part.roll) {
    const inPart = { ...box, left: box.left - part.left, top: box.top - part.top };
    return resized(picture, part, inPart);
  }
  const scale = Math.min(SMOOTH, Math.max(1, Math.ceil(part.width / picture.width)));
  const larger = { width: scale * picture.width, height: scale * picture.height };
  const data = new Uint8Array(await resized(picture, larger, wholeOf(larger)));
  return laidOnto({ ...picture, ...larger, data }, part, box, box, { beyond });
}

/** A rectangle of a picture at another size. */
function resized({ data, channels, width, height }: Plane<Uint8Array>, to: Size, wanted: Rectangle) {
  return sharp(data, { raw: { width, height, channels } })
    .resize(to.width, to.height, { kernel: channels === 1 ? "linear" : "lanczos3", fit: "fill" })
    .extract(wanted)
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw()
    .toBuffer();
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height });

/** Only the edited part, at the model's size, without paste-back or anything from the source. */
export function partOnly({ edited, size }: DecodedPair): Photo {
  return { width: size.width, height: size.height, rgb: edited, alpha: null };
}

function smoothstep(value: number, [low, high]: readonly [number, number]): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
