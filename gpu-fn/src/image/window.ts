/** Crop and stitch: which part of a photo the model sees, and at what size, so that an edit lies well inside. */
import { wholeOf } from "./crop.ts";
import type { Grey, Part, Rectangle, Size } from "./picture.ts";

/** A part of a photo, and the size in pixels at which the model works on it. */
export interface Window {
  readonly part: Part;
  readonly size: Size;
}

export interface WindowRule {
  /** Margin on each side, as a share of the box's longer side: the surroundings that the edit must match. */
  readonly margin: number;
  /** Both sides at the model's size are multiples of this, the pixels of a token. */
  readonly multiple: number;
  /** Smallest shorter side at the model's size. It is even shorter if the longer side would exceed `max`. */
  readonly min: number;
  /** Longest side at the model's size: a multiple of `multiple`, at least `min`. */
  readonly max: number;
}

/**
 * The part of a photo around an edit. A photo no longer than `max` is seen whole. Of a larger one, the box and its margin
 * are seen: at the photo's own scale if that is within `min` and `max`, else reduced or enlarged to fit. If `min` asks for
 * more, the part takes it from the photo as far as the photo extends. The box is always inside. Rounding to `multiple`
 * takes in a little more of the photo; at the photo's edge it stretches the part by less than a `multiple`.
 *
 * @param box where the edit acts, in pixels of the photo and inside the photo
 */
export function editWindow(box: Rectangle, photo: Size, rule: WindowRule): Window {
  const { margin, multiple, min, max } = rule;
  const around = Math.ceil(margin * Math.max(box.width, box.height));
  const small = Math.max(photo.width, photo.height) <= max;
  const enlarged = Math.max(1, min / Math.min(photo.width, photo.height));
  /** At least `least` pixels of the photo on both axes, if it has them. */
  const atLeast = (sides: Size, least: number): Size => ({
    width: Math.min(photo.width, Math.max(sides.width, least)),
    height: Math.min(photo.height, Math.max(sides.height, least)),
  });
  const wanted = small ? photo : { width: box.width + 2 * around, height: box.height + 2 * around };
  const seen = atLeast(wanted, Math.ceil(min / enlarged));
  const scale = scaleOf(seen, rule);
  const { width, height } = atLeast(seen, Math.ceil(min / scale));
  const rounded = (side: number) => Math.min(max, multiple * Math.ceil((side * scale) / multiple - 1e-9));
  const size = { width: rounded(width), height: rounded(height) };
  const across = Math.min(photo.width, Math.round(size.width / scale));
  const down = Math.min(photo.height, Math.round(size.height / scale));
  return {
    part: {
      left: placed(box.left, box.width, across, photo.width),
      top: placed(box.top, box.height, down, photo.height),
      width: across,
      height: down,
    },
    size,
  };
}

/** Model pixels per photo pixel. */
function scaleOf({ width, height }: Size, { min, max }: WindowRule): number {
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  return Math.min(max / longer, Math.max(1, min / shorter));
}

/** Start of `length` pixels with the box in their middle, or as close to it as the photo's edges allow. */
function placed(start: number, side: number, length: number, end: number): number {
  return Math.min(end - length, Math.max(0, start + Math.floor((side - length) / 2)));
}

/** The smallest rectangle that contains every cell of a mask above 0; null if there is none. */
export function boundsOf({ width, height, data, box = wholeOf({ width, height }) }: Grey): Rectangle | null {
  const [start, end] = [box.left, box.left + box.width];
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = box.top; y < box.top + box.height; y++) {
    const row = y * width;
    let first = start;
    while (first < end && data[row + first] === 0) first++;
    if (first === end) continue;
    let last = end - 1;
    while (data[row + last] === 0) last--;
    if (first < left) left = first;
    if (last > right) right = last;
    if (bottom < 0) top = y;
    bottom = y;
  }
  return bottom < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}
