import { setImmediate as turn } from "node:timers/promises";
import type { Photo } from "../../image/decode.ts";
import { type Between, betweenCells, gridOf } from "./grid.ts";
import { TILE } from "./pattern.ts";
import { type CellMap, strengthsOf } from "./strength.ts";

/** Rows after which whoever waits for this process has a turn: a large photo takes seconds. */
const ROWS_A_TURN = 64;

/**
 * Adds a tile to the luminance of a picture, as strong as each place bears: value + gain · strength · tile · m/255,
 * rounded. Where the mask is 0 every byte stays as it is.
 * @param mask `width·height` bytes; null marks the whole picture
 * @param gain factor on the strength that is not seen
 */
export async function embed(
  photo: Photo,
  mask: Uint8Array | null,
  tile: Float32Array,
  gain = 1,
): Promise<Photo> {
  const { width, height } = photo;
  const cell = Math.max(width, height) / gridOf(photo);
  const strengths = strengthsOf(photo, cell);
  const across = betweenCells(width, cell);
  const rgb = Uint8Array.from(photo.rgb);
  for (const [y, down] of betweenCells(height, cell).entries()) {
    if (y % ROWS_A_TURN === 0) await turn();
    const line = lineOf(tile, strengths, down, gain);
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const m = mask === null ? 255 : (mask[at] as number);
      if (m === 0) continue;
      const added = (line(across[x] as Between) * m) / 255;
      for (let c = 3 * at; c < 3 * at + 3; c++)
        rgb[c] = Math.min(255, Math.max(0, Math.round((rgb[c] as number) + added)));
    }
  }
  return { ...photo, rgb };
}

/** The mark along one row of pixels: first interpolated between two rows of cells, then asked for at each pixel. */
function lineOf(tile: Float32Array, { columns, rows, data }: CellMap, down: Between, gain: number) {
  const upper = wrapped(down.first) * TILE;
  const lower = wrapped(down.second) * TILE;
  const signs = Float32Array.from({ length: TILE }, (_, x) =>
    mix(tile[upper + x] as number, tile[lower + x] as number, down.share),
  );
  const [above, below] = [clamped(down.first, rows) * columns, clamped(down.second, rows) * columns];
  const strengths = Float32Array.from(
    { length: columns },
    (_, x) => gain * mix(data[above + x] as number, data[below + x] as number, down.share),
  );
  return ({ first, second, share }: Between): number =>
    mix(signs[wrapped(first)] as number, signs[wrapped(second)] as number, share) *
    mix(strengths[clamped(first, columns)] as number, strengths[clamped(second, columns)] as number, share);
}

const mix = (a: number, b: number, share: number) => a + share * (b - a);
const wrapped = (cell: number) => (cell + TILE) % TILE;
const clamped = (cell: number, count: number) => Math.min(count - 1, Math.max(0, cell));
