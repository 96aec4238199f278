/** Masks as they come in practice: the four cases of the paper's Figure 12. Coverage bytes, `side²` of them. */
import { stream } from "../../../training/text2mask/random.ts";

/** Cells across a picture, the grain of the noise: half a token of the embedded model, so that it survives averaging. */
const CELLS = 32;
/** Shares of cells: of the region's that are lost, of the others that are hit. */
const LOST = 0.35;
const HIT = 0.08;
/** Round spots beside the region, and their radius as a share of the side. */
const SPOTS = 5;
const SPOT_RADIUS = 0.05;

/**
 * Strong noise and scatter: a third of the region is missing in square holes, and specks and round spots lie all over
 * the rest. The same seed always gives the same mask.
 */
export function scatter(mask: Uint8Array, side: number, seed: number): Uint8Array {
  const random = stream(seed, "mask noise");
  const draws = Array.from({ length: CELLS * CELLS }, () => random.next());
  const spots = Array.from({ length: SPOTS }, () => [random.between(0, side), random.between(0, side)]);
  const radius = SPOT_RADIUS * side;
  return mask.map((coverage, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    const cell = Math.floor((y * CELLS) / side) * CELLS + Math.floor((x * CELLS) / side);
    const draw = draws[cell] as number;
    if (coverage >= 128) return draw < LOST ? 0 : coverage;
    const spotted = spots.some(([cx = 0, cy = 0]) => Math.hypot(x - cx, y - cy) < radius);
    return spotted || draw < HIT ? 255 : coverage;
  });
}

/** Share of the bounding box's width and height that is added on each side. */
const MARGIN = 0.35;

/**
 * Very coarse: the region's bounding box, wider by a third of itself on each side, all of it to be edited.
 * @returns an empty mask for an empty region
 */
export function coarse(mask: Uint8Array, side: number): Uint8Array {
  let [left, top, right, bottom] = [side, side, -1, -1];
  mask.forEach((coverage, i) => {
    if (coverage === 0) return;
    const [x, y] = [i % side, Math.floor(i / side)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  const across = MARGIN * (right - left + 1);
  const down = MARGIN * (bottom - top + 1);
  return mask.map((_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    const inside = x >= left - across && x <= right + across && y >= top - down && y <= bottom + down;
    return inside ? 255 : 0;
  });
}
