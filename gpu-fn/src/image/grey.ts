import { NOWHERE, overlapOf, wholeOf } from "./crop.ts";
import type { Grey, Mask, Part, Rectangle } from "./picture.ts";
import { toShares } from "./turn.ts";

/** Rounds a mask to 8 bits. Even a mask that was just located is rounded, so that a stored one gives the same edit. */
export function toGrey({ width, height, data }: Mask): Grey {
  const levels = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) levels[i] = Math.round(255 * (data[i] as number));
  return { width, height, data: levels };
}

export function fromGrey({ width, height, data }: Grey): Mask {
  const shares = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) shares[i] = (data[i] as number) / 255;
  return { width, height, data: shares };
}

/** The union of two masks of the same size: the larger value of each cell. */
export function unionOf(a: Grey, b: Grey): Grey {
  return { ...a, data: a.data.map((value, i) => Math.max(value, b.data[i] ?? 0)) };
}

/** Mean of a mask, 0…1. */
export function coverageOf({ width, height, data, box = wholeOf({ width, height }) }: Grey): number {
  let sum = 0;
  for (let y = box.top; y < box.top + box.height; y++) {
    const start = y * width + box.left;
    for (let i = start; i < start + box.width; i++) sum += data[i] as number;
  }
  return sum / (255 * data.length);
}

/** A photo's mask with everything outside a part set to 0. */
export function clippedTo(mask: Grey, part: Part): Grey {
  const { width, height, data, box = wholeOf(mask) } = mask;
  if (!part.roll) return clippedUpright(mask, box, part);
  const { xx, xy, x0, yx, yy, y0 } = toShares(part);
  const clipped = data.slice();
  for (let y = box.top; y < box.top + box.height; y++)
    for (let x = box.left; x < box.left + box.width; x++) {
      if (data[y * width + x] === 0) continue;
      const u = xx * (x + 0.5) + xy * (y + 0.5) + x0;
      const v = yx * (x + 0.5) + yy * (y + 0.5) + y0;
      if (u < 0 || v < 0 || u >= 1 || v >= 1) clipped[y * width + x] = 0;
    }
  return { width, height, data: clipped, box };
}

/** The same for an upright part, row by row. A pixel belongs to the part if its centre does. */
function clippedUpright(mask: Grey, box: Rectangle, part: Rectangle): Grey {
  const { width, height, data } = mask;
  const pixel = (at: number) => Math.ceil(at - 0.5);
  const [left, top] = [pixel(part.left), pixel(part.top)];
  const right = pixel(part.left + part.width);
  const bottom = pixel(part.top + part.height);
  const kept = overlapOf(box, { left, top, width: right - left, height: bottom - top }) ?? NOWHERE;
  if (kept.width === box.width && kept.height === box.height) return mask;
  const clipped = new Uint8Array(data.length);
  for (let y = kept.top; y < kept.top + kept.height; y++) {
    const start = y * width + kept.left;
    clipped.set(data.subarray(start, start + kept.width), start);
  }
  return { width, height, data: clipped, box: kept };
}
