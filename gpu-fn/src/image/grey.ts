import type { Grey, Mask, Part, Rectangle } from "./picture.ts";
import { toShares } from "./turn.ts";

/** Rounds a mask to 8 bits. A located mask is used so even where it was just found: stored, it gives the same edit. */
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

/** The larger value of each cell of two masks of one size: where either points. */
export function unionOf(a: Grey, b: Grey): Grey {
  return { ...a, data: a.data.map((value, i) => Math.max(value, b.data[i] ?? 0)) };
}

/** Mean of a mask, 0…1. */
export function coverageOf({ data }: Grey): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] as number;
  return sum / (255 * data.length);
}

/** A mask of a photo, 0 wherever a part of the photo does not reach. */
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

/** The same for an upright part, a row at a time: a pixel belongs to it if its middle does. */
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
