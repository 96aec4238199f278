// For tests: a drawn portrait placed in a larger photo, as in ../shared/cases.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { decodePhotoHere } from "../image/decoder/decode-here.ts";
import type { Part, Photo, Point, Size } from "../image/picture.ts";
import { laidOnto, placeIn } from "../image/turn.ts";

export async function example(number: number): Promise<Photo> {
  const name = `portrait-0${number}.png`;
  return decodePhotoHere(await readFile(join(import.meta.dirname, "../../examples", name)));
}

/** A portrait laid into part of a larger photo. The rest repeats the portrait's edges, which hold no second face. */
export function laidInto(portrait: Photo, part: Part, { width, height }: Size): Photo {
  const whole = { left: 0, top: 0, width, height };
  const plane = { data: portrait.rgb, channels: 3, width: portrait.width, height: portrait.height } as const;
  const rgb = laidOnto(plane, part, whole, { width, height }, { beyond: "edge" });
  return { width, height, rgb, alpha: null };
}

/** Where a point of the portrait lies in the larger photo. */
export function movedTo(part: Part, { width, height }: Size, { x, y }: Point): Point {
  return placeIn(part, { x: x / width, y: y / height });
}

export const png = ({ width, height, rgb }: Photo): Promise<Buffer> =>
  sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
