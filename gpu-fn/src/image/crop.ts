import sharp from "sharp";
import type { Part, Photo, Rectangle, Size } from "./picture.ts";
import { boxAround, isWithin, laidOnto } from "./turn.ts";

/** Share of a tall photo's spare height that lies above the square, since faces are in the upper part. */
const HEADROOM = 1 / 3;

/** The largest square in a photo: centred horizontally, in the upper part of a tall photo. */
export function portraitSquare(width: number, height: number): Rectangle {
  const side = Math.min(width, height);
  return {
    left: Math.floor((width - side) / 2),
    top: Math.floor((height - side) * HEADROOM),
    width: side,
    height: side,
  };
}

/** The whole of a photo or of a mask. */
export function wholeOf({ width, height }: Size): Rectangle {
  return { left: 0, top: 0, width, height };
}

/** A rectangle without a pixel. */
export const NOWHERE: Rectangle = { left: 0, top: 0, width: 0, height: 0 };

/** The intersection of two rectangles; null if it is empty. */
export function overlapOf(a: Rectangle, b: Rectangle): Rectangle | null {
  const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)];
  const width = Math.min(a.left + a.width, b.left + b.width) - left;
  const height = Math.min(a.top + a.height, b.top + b.height) - top;
  return width > 0 && height > 0 ? { left, top, width, height } : null;
}

/**
 * A part of a photo at the model's size.
 * @returns `[1,3,height,width]` as planar fp32 in −1…1, that is x/127.5 − 1; transparent parts on white
 */
export async function toModel(photo: Photo, part: Part, size: Size): Promise<Float32Array> {
  const data = isWithin(part, photo) ? await cutOut(photo, part, size) : await turnedOut(photo, part, size);
  const pixels = size.width * size.height;
  const planar = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < 3; c++) planar[c * pixels + i] = (data[3 * i + c] as number) / 127.5 - 1;
  return planar;
}

/** An upright rectangle of the photo, in whole pixels, at another size. */
async function cutOut(photo: Photo, part: Rectangle, size: Size): Promise<Uint8Array> {
  const { width, height } = photo;
  return sharp(overWhite(photo), { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .extract(part)
    .resize(size.width, size.height, { kernel: "lanczos3", fastShrinkOnLoad: false, fit: "fill" })
    .raw()
    .toBuffer();
}

/** Source pixels per result pixel, along a side, before a picture is turned: fewer would blur, more take time. */
const FINER = 2;

/** Cuts out a part that is turned or extends beyond the photo. Its surroundings are reduced first. */
async function turnedOut(photo: Photo, part: Part, size: Size): Promise<Uint8Array> {
  const around = overlapOf(boxAround(part), wholeOf(photo));
  if (around === null) throw new RangeError("the part lies outside of the photo");
  const scale = Math.min(1, (FINER * size.width) / part.width);
  const smaller = {
    width: Math.max(1, Math.round(scale * around.width)),
    height: Math.max(1, Math.round(scale * around.height)),
  };
  const data = new Uint8Array(await cutOut(photo, around, smaller));
  return laidOnto({ data, channels: 3, ...smaller }, around, part, size, { beyond: "edge" });
}

/** The decoder's `[1,3,h,w]` in −1…1 as interleaved RGB bytes, `h·w·3`; values beyond the range are clamped. */
export function fromModel(planar: Float32Array): Uint8Array {
  const pixels = planar.length / 3;
  const rgb = new Uint8Array(planar.length);
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < 3; c++) {
      const value = Math.round(((planar[c * pixels + i] as number) + 1) * 127.5);
      rgb[3 * i + c] = Math.min(255, Math.max(0, value));
    }
  return rgb;
}

/** A photo's colours as they look on white: `width·height·3` bytes. */
export function overWhite({ rgb, alpha }: Photo): Uint8Array {
  if (alpha === null) return rgb;
  const opaque = new Uint8Array(rgb.length);
  for (let i = 0; i < alpha.length; i++) {
    const a = (alpha[i] as number) / 255;
    for (let c = 0; c < 3; c++)
      opaque[3 * i + c] = Math.round((rgb[3 * i + c] as number) * a + 255 * (1 - a));
  }
  return opaque;
}
