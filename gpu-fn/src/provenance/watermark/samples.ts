import sharp from "sharp";
import type { Photo } from "../../image/decode.ts";

/** A picture's luminance, or something made of it, on a grid of samples, row-major. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** In samples: neighbourhoods of the mean and of the deviation (radii of squares); in levels and deviations: limits. */
const WHITENING = { mean: 2, deviation: 3, floor: 0.3, clip: 2.5 };

/** A picture's luminance with so many samples along its longer side. */
export async function luminanceOf({ rgb, width, height }: Photo, across: number): Promise<Samples> {
  const scale = across / Math.max(width, height);
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const raw = await sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize(w, h, { fit: "fill", kernel: "cubic" })
    .raw()
    .toBuffer();
  const data = new Float32Array(w * h);
  for (let i = 0; i < data.length; i++)
    data[i] =
      0.299 * (raw[3 * i] as number) +
      0.587 * (raw[3 * i + 1] as number) +
      0.114 * (raw[3 * i + 2] as number);
  return { width: w, height: h, data };
}

/**
 * Leaves of a picture what its neighbourhood does not foretell, each place measured by its own deviation, so that
 * edges and textures speak no louder than even places.
 */
export function whiten(samples: Samples): Samples {
  const { mean, deviation, floor, clip } = WHITENING;
  const smooth = boxMean(samples, mean);
  const rest = new Float32Array(smooth.length);
  const squares = new Float32Array(smooth.length);
  for (let i = 0; i < rest.length; i++) {
    const value = (samples.data[i] as number) - (smooth[i] as number);
    rest[i] = value;
    squares[i] = value * value;
  }
  const power = boxMean({ ...samples, data: squares }, deviation);
  for (let i = 0; i < rest.length; i++) {
    const measured = (rest[i] as number) / (Math.sqrt(Math.max(0, power[i] as number)) + floor);
    rest[i] = Math.min(clip, Math.max(-clip, measured));
  }
  return { ...samples, data: rest };
}

/** Mean over the square of a radius around each sample, as far as it lies in the picture. */
function boxMean({ width, height, data }: Samples, radius: number): Float32Array {
  const rows = new Float32Array(data.length);
  for (let y = 0; y < height; y++) meanAlong(data, rows, y * width, width, radius);
  const both = new Float32Array(data.length);
  // down the columns all at once: memory is read in its own order
  const sums = new Float64Array(width);
  const add = (y: number, sign: 1 | -1) => {
    for (let x = 0; x < width; x++) (sums[x] as number) += sign * (rows[y * width + x] as number);
  };
  for (let y = -radius; y < height; y++) {
    if (y + radius < height) add(y + radius, 1);
    if (y - radius - 1 >= 0) add(y - radius - 1, -1);
    if (y < 0) continue;
    const count = Math.min(height, y + radius + 1) - Math.max(0, y - radius);
    for (let x = 0; x < width; x++) both[y * width + x] = (sums[x] as number) / count;
  }
  return both;
}

function meanAlong(
  from: Float32Array,
  to: Float32Array,
  start: number,
  length: number,
  radius: number,
): void {
  let sum = 0;
  for (let x = -radius; x < length; x++) {
    if (x + radius < length) sum += from[start + x + radius] as number;
    if (x - radius - 1 >= 0) sum -= from[start + x - radius - 1] as number;
    if (x < 0) continue;
    const count = Math.min(length, x + radius + 1) - Math.max(0, x - radius);
    to[start + x] = sum / count;
  }
}
