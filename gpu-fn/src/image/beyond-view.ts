/**
 * A region can go on beyond the part that the model saw, such as long hair or a neck. There the photo gets the change of
 * colour that the edit made along the border, and no straight line shows where the view ended.
 */
import { wholeOf } from "./crop.ts";
import type { DecodedPair, Grey, Part } from "./picture.ts";
import { type Recolour, recolourOf } from "./recolour.ts";
import { laidOnto, toShares } from "./turn.ts";

/** Width in which the model's own picture passes into what follows beyond the border, as a share of the view's side. */
const PASSAGE = 1 / 10;

/** A region crosses a border if the mask has more than this beyond it, of 255. */
const CROSSES = 64;

/** How fast a pixel counts less for the change of colour the farther it is from the border. */
const NEARNESS = 8;

export interface BeyondView {
  /** How much of the model's own change a pixel of the photo gets: 1 in the view, 0 outside, between along a crossed border. */
  shareAt(x: number, y: number): number;
  /** What the rest of the pixel gets; null for nothing, where more than colours changed. */
  readonly recolour: Recolour | null;
}

/**
 * @param kept from `keptDetail`
 * @param mask of the photo's size
 */
export function beyondView(
  { edited, reconstructed, size }: DecodedPair,
  kept: Uint8Array,
  part: Part,
  mask: Grey,
): BeyondView {
  const { xx, xy, x0, yx, yy, y0 } = toShares(part);
  const { left, right, top, bottom, any } = crossedBorders(part, mask);
  /** Distance of a place in the view from the nearest crossed border, in shares of the side; at least 1 without one. */
  const fromCrossed = (u: number, v: number) =>
    Math.min(left ? u : 1, right ? 1 - u : 1, top ? v : 1, bottom ? 1 - v : 1);
  const grey = { ...mask, channels: 1 } as const;
  const weights = () =>
    Float64Array.from(
      laidOnto(grey, wholeOf(mask), part, size, { beyond: "nothing", most: 2 }),
      (value, pixel) => {
        const u = ((pixel % size.width) + 0.5) / size.width;
        const v = (Math.floor(pixel / size.width) + 0.5) / size.height;
        return value * (1 - fromCrossed(u, v)) ** NEARNESS;
      },
    );
  return {
    shareAt(x, y) {
      const u = xx * (x + 0.5) + xy * (y + 0.5) + x0;
      const v = yx * (x + 0.5) + yy * (y + 0.5) + y0;
      if (u < 0 || v < 0 || u >= 1 || v >= 1) return 0;
      return any ? Math.min(1, fromCrossed(u, v) / PASSAGE) : 1;
    },
    recolour: any ? recolourOf(reconstructed, edited, kept, weights()) : null,
  };
}

/** Which borders of a part the mask crosses. */
function crossedBorders(part: Part, { width, height, data, box = wholeOf({ width, height }) }: Grey) {
  const { xx, xy, x0, yx, yy, y0 } = toShares(part);
  const crossed = { left: false, right: false, top: false, bottom: false, any: false };
  for (let y = box.top; y < box.top + box.height; y++)
    for (let x = box.left; x < box.left + box.width; x++) {
      if ((data[y * width + x] as number) <= CROSSES) continue;
      const u = xx * (x + 0.5) + xy * (y + 0.5) + x0;
      const v = yx * (x + 0.5) + yy * (y + 0.5) + y0;
      if (u < 0) crossed.left = true;
      else if (u > 1) crossed.right = true;
      if (v < 0) crossed.top = true;
      else if (v > 1) crossed.bottom = true;
    }
  crossed.any = crossed.left || crossed.right || crossed.top || crossed.bottom;
  return crossed;
}
