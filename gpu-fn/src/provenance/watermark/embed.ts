import type { Photo, Rectangle } from "../../image/picture.ts";
import { betweenCells, gridOf } from "./grid.ts";
import { TILE } from "./pattern.ts";
import { strengthsOf } from "./strength.ts";

/**
 * Prepares adding a tile to a picture's luminance, as strongly as each place can hide it: value + gain · strength ·
 * tile · m/255, rounded. If the mask is 0, a byte stays unchanged.
 * @param mask `width·height` bytes; null marks the whole picture
 * @param part the rectangle in which the mask is above 0
 * @returns a function of the gain, a factor on the invisible strength, that makes the picture
 */
export function embedder(
  photo: Photo,
  mask: Uint8Array | null,
  tile: Float32Array,
  part: Rectangle,
): (gain: number) => Photo {
  const { width, height } = photo;
  const cell = Math.max(width, height) / gridOf(photo);
  const strengths = strengthsOf(photo, cell, part);
  const right = part.left + part.width;
  const across = betweenCells(width, cell, strengths.columns);
  const down = betweenCells(height, cell, strengths.rows);
  const signs = new Float32Array(TILE);
  const levels = new Float32Array(strengths.columns);

  return (gain) => {
    const rgb = photo.rgb.slice();
    for (let y = part.top; y < part.top + part.height; y++) {
      mixRows(signs, tile, TILE, { first: down.firstSign, second: down.secondSign, share: down.share }, y, 1);
      mixRows(levels, strengths.data, strengths.columns, down, y, gain / 255);
      for (let x = part.left, at = y * width + part.left; x < right; x++, at++) {
        const m = mask === null ? 255 : (mask[at] as number);
        if (m === 0) continue;
        const share = across.share[x] as number;
        const sign = mix(
          signs[across.firstSign[x] as number] as number,
          signs[across.secondSign[x] as number] as number,
          share,
        );
        const level = mix(
          levels[across.first[x] as number] as number,
          levels[across.second[x] as number] as number,
          share,
        );
        const added = sign * level * m;
        for (let c = 3 * at; c < 3 * at + 3; c++)
          rgb[c] = Math.min(255, Math.max(0, Math.round((rgb[c] as number) + added)));
      }
    }
    return { ...photo, rgb };
  };
}

interface RowsBetween {
  readonly first: Uint16Array;
  readonly second: Uint16Array;
  readonly share: Float32Array;
}

/** Interpolates two rows of a map for one row of pixels. */
function mixRows(
  to: Float32Array,
  from: Float32Array,
  columns: number,
  { first, second, share }: RowsBetween,
  y: number,
  factor: number,
): void {
  const [upper, lower] = [(first[y] as number) * columns, (second[y] as number) * columns];
  const part = share[y] as number;
  for (let x = 0; x < columns; x++)
    to[x] = factor * mix(from[upper + x] as number, from[lower + x] as number, part);
}

const mix = (a: number, b: number, share: number) => a + share * (b - a);
