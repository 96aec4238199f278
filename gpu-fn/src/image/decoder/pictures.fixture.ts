import { randomBytes } from "node:crypto";
import sharp from "sharp";

const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;

/** A portrait-sized picture of noise. */
export function ordinary(side = 256): Promise<Buffer> {
  const create = { width: side, height: side, channels: 3, background: "grey", noise } as const;
  return sharp({ create }).png().toBuffer();
}

/**
 * A complete, interlaced PNG of 25 megapixels in four 16-bit channels: 200 MB that must be held at once, from a file of
 * less than 1 MB. It takes about a second to make.
 */
async function largestPng(): Promise<Buffer> {
  const create = { width: 5_000, height: 5_000, channels: 4, background: "#0000" } as const;
  return sharp({ create }).toColourspace("rgb16").png({ progressive: true, compressionLevel: 1 }).toBuffer();
}

let bomb: Promise<Buffer> | undefined;

export function memoryBomb(): Promise<Buffer> {
  bomb ??= largestPng();
  return bomb;
}

/** A file that no decoder recognises. */
export const junk = () => randomBytes(2_000);
