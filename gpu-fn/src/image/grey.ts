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
export function coverageOf({ data }: Grey): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] as number;
  return sum / (255 * data.length);
}

/** A photo's mask with everything outside a part set to 0. */
export function clippedTo({ width, height, data }: Grey, part: Part): Grey {
  if (!part.roll) return clippedUpright({ width, height, data }, part);
  const { xx, xy, x0, yx, yy, y0 } = toShares(part);
  const clipped = data.slice();
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      const u = xx * (x + 0.5) + xy * (y + 0.5) + x0;
      const v = yx * (x + 0.5) + yy * (y + 0.5) + y0;
      if (u < 0 || v < 0 || u >= 1 || v >= 1) clipped[y * width + x] = 0;
    }
  return { width, height, data: clipped };
}

/** The same for an upright part, row by row. A pixel belongs to the part if its centre does. */
function clippedUpright({ width, height, data }: Grey, part: Rectangle): Grey {
  const span = (start: number, length: number, end: number) =>
    [start, start + length].map((at) => Math.min(end, Math.max(0, Math.ceil(at - 0.5)))) as [number, number];
  const [left, right] = span(part.left, part.width, width);
  const [top, bottom] = span(part.top, part.height, height);
  const clipped = new Uint8Array(data.length);
  for (let y = top; y < bottom; y++)
    clipped.set(data.subarray(y * width + left, y * width + right), y * width + left);
  return { width, height, data: clipped };
}
