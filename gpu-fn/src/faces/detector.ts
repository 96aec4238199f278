/** Where faces are in a picture: boxes, upright in the part that was looked at. */

import type { LoadedOnnx } from "../device/onnx-file.ts";
import type { Part, Size } from "../image/picture.ts";
import { laidOnto, type Plane, placeIn } from "../image/turn.ts";

/** A face's box in the picture's pixels, with the roll of the part it was found in. */
export interface Detected {
  /** 0…1. */
  readonly score: number;
  readonly box: Part;
}

/** Input size of the network. It detects faces down to about a tenth of its height, with a roll of up to about 45°. */
const INPUT: Size = { width: 320, height: 240 };
const LEAST_SCORE = 0.6;
const MOST_OVERLAP = 0.3;

/**
 * Ultra-Light-Fast-Generic-Face-Detector (RFB-320, MIT), from the npm package faceplugin-face-recognition-js.
 * @param part of the picture to look at; beyond the picture, its edge pixels are repeated
 * @returns faces in order of descending score, each once
 */
export async function detect(
  network: LoadedOnnx,
  picture: Plane<Uint8Array>,
  part: Part,
): Promise<Detected[]> {
  const seen = inProportion(part);
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  // a bilinear sample averages two pixels, so up to half a pixel more on each needs no second one
  const most = Math.max(1, Math.round(seen.width / INPUT.width));
  const rgb = laidOnto(picture, whole, seen, INPUT, { beyond: "edge", most });
  const plane = INPUT.width * INPUT.height;
  const data = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < plane; i++) data[c * plane + i] = ((rgb[3 * i + c] as number) - 127) / 128;
  const [scores = new Float32Array(), boxes = new Float32Array()] = await network({
    data,
    shape: [1, 3, INPUT.height, INPUT.width],
  });
  const found: Detected[] = [];
  for (let i = 0; 2 * i + 1 < scores.length; i++) {
    const score = scores[2 * i + 1] as number;
    if (score < LEAST_SCORE) continue;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = boxes.subarray(4 * i, 4 * i + 4);
    const { x, y } = placeIn(seen, { x: (x0 + x1) / 2, y: (y0 + y1) / 2 });
    const [width, height] = [(x1 - x0) * seen.width, (y1 - y0) * seen.height];
    const box = { left: x - width / 2, top: y - height / 2, width, height, roll: seen.roll ?? 0 };
    found.push({ score, box });
  }
  return onceEach(found);
}

/** The part extended to the network's aspect ratio: in a stretched picture, faces would be missed. */
function inProportion({ left, top, width, height, roll = 0 }: Part): Part {
  const scale = Math.max(width / INPUT.width, height / INPUT.height);
  const [across, down] = [scale * INPUT.width, scale * INPUT.height];
  return {
    left: left + (width - across) / 2,
    top: top + (height - down) / 2,
    width: across,
    height: down,
    roll,
  };
}

/** Of boxes that overlap, keeps the one with the highest score. */
export function onceEach(found: readonly Detected[]): Detected[] {
  const kept: Detected[] = [];
  for (const face of found.toSorted((a, b) => b.score - a.score))
    if (kept.every(({ box }) => overlap(box, face.box) <= MOST_OVERLAP)) kept.push(face);
  return kept;
}

/** Intersection over union of two boxes, computed as if both were upright. */
function overlap(a: Part, b: Part): number {
  const along = (start: number, length: number, other: number, otherLength: number) =>
    Math.max(0, Math.min(start + length, other + otherLength) - Math.max(start, other));
  const both = along(a.left, a.width, b.left, b.width) * along(a.top, a.height, b.top, b.height);
  return both / (a.width * a.height + b.width * b.height - both);
}
