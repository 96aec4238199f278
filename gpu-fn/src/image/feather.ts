/** Adds a soft edge around the outside of a region. */
import sharp from "sharp";
import { growBy } from "./mask.ts";
import type { Grey } from "./picture.ts";
import { boundsOf } from "./window.ts";

/** The region grows by this many standard deviations before the blur, so that the blur takes nothing from it. */
const GROWN = 2;

/** Beyond this many standard deviations, nothing of a blur is left in 8 bits. */
const REACH = 3;

/** Standard deviation in pixels below which a blur shows nothing. */
const LEAST = 0.3;

/**
 * Grows a region, then blurs it, so that what it covered stays covered, however thin it is.
 * @param grey of a whole photo
 * @param fraction standard deviation of the Gaussian as a fraction of the region's size, the root of its box's area
 */
export async function feathered(grey: Grey, fraction: number): Promise<Grey> {
  const box = boundsOf(grey);
  if (box === null) return grey;
  const sigma = fraction * Math.sqrt(box.width * box.height);
  if (sigma < LEAST) return grey;
  const radius = Math.ceil(GROWN * sigma);
  const around = radius + Math.ceil(REACH * sigma);
  const left = Math.max(0, box.left - around);
  const top = Math.max(0, box.top - around);
  const width = Math.min(grey.width, box.left + box.width + around) - left;
  const height = Math.min(grey.height, box.top + box.height + around) - top;
  const region = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * grey.width + left;
    region.set(grey.data.subarray(start, start + width), y * width);
  }
  const wide = growBy(region, { width, height }, radius);
  const soft = await sharp(wide, { raw: { width, height, channels: 1 }, limitInputPixels: false })
    .blur(sigma)
    .toColourspace("b-w")
    .raw()
    .toBuffer();
  const data = new Uint8Array(grey.data.length);
  for (let y = 0; y < height; y++)
    data.set(soft.subarray(y * width, (y + 1) * width), (top + y) * grey.width + left);
  return { width: grey.width, height: grey.height, data, box: { left, top, width, height } };
}
