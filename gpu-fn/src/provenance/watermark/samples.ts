import sharp from "sharp";
import { wholeOf } from "../../image/crop.ts";
import type { Photo, Rectangle, Size } from "../../image/picture.ts";

/** A picture's luminance, or values derived from it, on a grid of samples, row-major. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Radii in samples of the squares for mean and deviation; the floor in levels; the clip in deviations. */
const WHITENING = { mean: 2, deviation: 3, floor: 0.3, clip: 2.5 };

/** Size of a picture in samples, with `across` samples along its longer side. */
export function sampledSize({ width, height }: Size, across: number): Size {
  const scale = across / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Luminance of a picture with `across` samples along its longer side, or of a part given in samples. */
export async function luminanceOf(
  { rgb, width, height }: Pick<Photo, "rgb" | "width" | "height">,
  across: number,
  part?: Rectangle,
): Promise<Samples> {
  const size = sampledSize({ width, height }, across);
  const seen = part ?? wholeOf(size);
  // if samples are pixels, there is nothing to resize
  if (size.width === width && size.height === height) return luminanceIn(rgb, width, seen);
  const raw = await sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize(size.width, size.height, { fit: "fill", kernel: "cubic" })
    .extract(seen)
    .raw()
    .toBuffer();
  return luminanceIn(raw, seen.width, wholeOf(seen));
}

/** Luminance of a rectangle of a picture that is `across` pixels wide. */
function luminanceIn(rgb: Uint8Array, across: number, { left, top, width, height }: Rectangle): Samples {
  const data = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0, at = 3 * ((top + y) * across + left); x < width; x++, i++, at += 3)
      data[i] =
        0.299 * (rgb[at] as number) + 0.587 * (rgb[at + 1] as number) + 0.114 * (rgb[at + 2] as number);
  return { width, height, data };
}

/**
 * Keeps of each sample what its neighbourhood does not predict, divided by the local deviation, so that edges and
 * textures count no more than even areas.
 */
export function whiten(samples: Samples): Samples {
  const { mean, deviation, floor, clip } = WHITENING;
  const { data } = samples;
  const [means, squares, rows] = scratchOf(data.length);
  const rest = new Float32Array(data.length);
  boxMean(samples, mean, rows, means);
  for (let i = 0; i < rest.length; i++) {
    const value = (data[i] as number) - (means[i] as number);
    rest[i] = value;
    squares[i] = value * value;
  }
  boxMean({ ...samples, data: squares }, deviation, rows, means);
  for (let i = 0; i < rest.length; i++) {
    const measured = (rest[i] as number) / (Math.sqrt(Math.max(0, means[i] as number)) + floor);
    rest[i] = Math.min(clip, Math.max(-clip, measured));
  }
  return { ...samples, data: rest };
}

type Scratch = readonly [Float32Array, Float32Array, Float32Array];

let scratch: Scratch = [new Float32Array(), new Float32Array(), new Float32Array()];

/** Memory for intermediate values, reused in every call; otherwise large arrays would be discarded at once. */
function scratchOf(length: number): Scratch {
  if (scratch[0].length < length) {
    const made = () => new Float32Array(length);
    scratch = [made(), made(), made()];
  }
  return scratch;
}

/** Mean over the square of a given radius around each sample, as far as it lies in the picture. */
function boxMean(
  { width, height, data }: Samples,
  radius: number,
  rows: Float32Array,
  to: Float32Array,
): void {
  for (let y = 0; y < height; y++) meanAlong(data, rows, y * width, width, radius);
  // all columns at once, so that memory is read in order
  const sums = new Float64Array(width);
  for (let y = 0; y < Math.min(height, radius); y++)
    for (let x = 0; x < width; x++) (sums[x] as number) += rows[y * width + x] as number;
  for (let y = 0; y < height; y++) {
    const [enters, leaves] = [y + radius < height, y > radius];
    const [after, before] = [(y + radius) * width, (y - radius - 1) * width];
    const count = Math.min(height, y + radius + 1) - Math.max(0, y - radius);
    for (let x = 0; x < width; x++) {
      let sum = sums[x] as number;
      if (enters) sum += rows[after + x] as number;
      if (leaves) sum -= rows[before + x] as number;
      sums[x] = sum;
      to[y * width + x] = sum / count;
    }
  }
}

/** The same along one row. */
function meanAlong(
  from: Float32Array,
  to: Float32Array,
  start: number,
  length: number,
  radius: number,
): void {
  let sum = 0;
  for (let x = 0; x < Math.min(length, radius); x++) sum += from[start + x] as number;
  for (let x = 0; x < length; x++) {
    if (x + radius < length) sum += from[start + x + radius] as number;
    if (x > radius) sum -= from[start + x - radius - 1] as number;
    const count = Math.min(length, x + radius + 1) - Math.max(0, x - radius);
    to[start + x] = sum / count;
  }
}
