/** Photographs with the face rolled, scaled and off-centre, and the truth for them. */
import sharp from "sharp";
import { decodePhoto } from "../../src/image/decode.ts";
import type { Part, Photo, Size } from "../../src/image/picture.ts";
import { laidOnto } from "../../src/image/turn.ts";
import { stream } from "../../training/text2mask/random.ts";
import type { TaughtPhoto } from "./truth.ts";

/** Bounds of a move: degrees, scale, and the face's distance from the middle as a share of the side. */
export const MOVES = { roll: 25, near: 1.4, far: 0.7, shift: 0.22 } as const;

/** The `count` moves of a photo, always the same: square parts, which may extend beyond its border. */
export function movesOf(face: Part, photo: Size, count: number, name: string): Part[] {
  const { between } = stream(0, name);
  return Array.from({ length: count }, () => {
    const nearness = Math.exp(between(Math.log(MOVES.far), Math.log(MOVES.near)));
    const side = Math.min(photo.width, photo.height) / nearness;
    const offset = () => between(-MOVES.shift, MOVES.shift) * side;
    const left = face.left + face.width / 2 + offset() - side / 2;
    const top = face.top + face.height / 2 + offset() - side / 2;
    return { left, top, width: side, height: side, roll: (between(-MOVES.roll, MOVES.roll) * Math.PI) / 180 };
  });
}

/** A part of a photo as PNG. */
export function shown(photo: Photo, part: Part, size: Size): Promise<Buffer> {
  const { rgb: data, width, height } = photo;
  const rgb = laidOnto({ data, width, height, channels: 3 }, wholeOf(photo), part, size, { beyond: "edge" });
  return sharp(rgb, { raw: { ...size, channels: 3 } })
    .png()
    .toBuffer();
}

/** The truth for a part, on one grid: coverage 0…1 of each region, and the share of each cell that shows the photo. */
export interface Truth {
  readonly regions: readonly Float32Array[];
  readonly inside: Float32Array;
}

export function truthOf({ masks, side, face }: TaughtPhoto, photo: Size, part: Part, grid: Size): Truth {
  const regions = Array.from({ length: masks.length / side ** 2 }, (_, region) => {
    const data = Float32Array.from(
      masks.subarray(region * side ** 2, (region + 1) * side ** 2),
      (value) => value / 255,
    );
    return laidOnto({ data, width: side, height: side, channels: 1 }, face, part, grid, {
      beyond: "nothing",
    });
  });
  const all = { data: Float32Array.of(1), width: 1, height: 1, channels: 1 } as const;
  return { regions, inside: laidOnto(all, wholeOf(photo), part, grid, { beyond: "nothing", least: 2 }) };
}

export function wholeOf({ width, height }: Size): Part {
  return { left: 0, top: 0, width, height };
}

/** A photo, unmoved and moved. */
export interface Shown {
  readonly bytes: Uint8Array;
  readonly size: Size;
  readonly truth: Truth;
  readonly moved: boolean;
}

/** Longest side of the located picture in pixels, and number of compared cells along it. */
const LONGEST = 512;
const CELLS = 256;

export async function showings(taught: TaughtPhoto, bytes: Uint8Array, count: number): Promise<Shown[]> {
  const photo = await decodePhoto(bytes);
  const parts = [wholeOf(photo), ...movesOf(taught.face, photo, count, taught.path.split("/").at(-1) ?? "")];
  return Promise.all(
    parts.map(async (part, index) => {
      const atMost = (longest: number): Size => {
        const scale = longest / Math.max(part.width, part.height);
        return { width: Math.round(part.width * scale), height: Math.round(part.height * scale) };
      };
      const size = atMost(LONGEST);
      const truth = truthOf(taught, photo, part, atMost(CELLS));
      return { bytes: await shown(photo, part, size), size: atMost(CELLS), truth, moved: index > 0 };
    }),
  );
}
