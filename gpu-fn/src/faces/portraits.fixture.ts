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

/** A head as an upright cylinder with a nose, in pixels. */
export interface Head {
  readonly axis: number;
  readonly radius: number;
  /** The nose's tip, and how far it stands out. */
  readonly nose: Point & { readonly length: number };
}

/** Where a point of a head lies after a turn about its axis, and its depth, which is larger in front. */
export function afterTurn(
  { axis, radius, nose }: Head,
  yaw: number,
  { x, y }: Point,
): Point & { depth: number } {
  const away = ((x - nose.x) / (0.1 * radius)) ** 2 + ((y - nose.y) / (0.2 * radius)) ** 2;
  const out = radius + nose.length * Math.exp(-away / 2);
  const angle = Math.asin((x - axis) / radius) + yaw;
  return { x: axis + out * Math.sin(angle), y, depth: out * Math.cos(angle) };
}

/** A portrait whose head is turned to one side, before the colours of its left edge. */
export function turnedAside({ width, height, rgb }: Photo, head: Head, yaw: number): Photo {
  const turned = new Uint8Array(rgb); // a Buffer's slice would be a view of it
  const first = Math.ceil(head.axis - head.radius);
  const last = Math.floor(head.axis + head.radius);
  const nearest = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    nearest.fill(0);
    const colour = (x: number) => rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3);
    for (let x = first; x <= last; x++) turned.set(colour(0), 3 * (y * width + x));
    // finer steps than pixels, so that what comes nearer leaves no gaps
    for (let x = first; x <= last; x += 0.2) {
      const point = afterTurn(head, yaw, { x, y });
      const to = Math.round(point.x);
      if (point.depth <= (nearest[to] ?? Number.POSITIVE_INFINITY)) continue;
      nearest[to] = point.depth;
      turned.set(colour(Math.round(x)), 3 * (y * width + to));
    }
  }
  return { width, height, rgb: turned, alpha: null };
}

/** Where a point of the portrait lies in the larger photo. */
export function movedTo(part: Part, { width, height }: Size, { x, y }: Point): Point {
  return placeIn(part, { x: x / width, y: y / height });
}

export const png = ({ width, height, rgb }: Photo): Promise<Buffer> =>
  sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
