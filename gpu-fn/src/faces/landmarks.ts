/** The 68 landmarks of a face (iBUG 300-W), and what the alignment needs from them. */

import type { LoadedOnnx } from "../device/onnx-file.ts";
import type { Part, Point, Size } from "../image/picture.ts";
import { laidOnto, type Plane, placeIn, shareIn } from "../image/turn.ts";
import type { Detected } from "./detector.ts";

/** Position of a face, in the picture's pixels. */
export interface FaceMarks {
  /** The eye on the viewer's left comes first. */
  readonly eyes: readonly [Point, Point];
  /** The midpoint between the corners of the mouth. */
  readonly mouth: Point;
  /** Brows to chin, ear to ear, with the face's roll. */
  readonly box: Part;
  /** Share of the face's width on the far side of the nose: ½ from the front, 0 in profile. */
  readonly far: number;
}

const INPUT: Size = { width: 64, height: 64 };
/** Size of the network's input area, as a multiple of the box, as in its training. */
const MARGIN = 1.1;
/** Distance from the brows up to the top of a detector's box, as a share of the landmarks' height. */
const ABOVE_BROWS = 0.22;
/** The first pass uses the detector's box, the second the box and roll that the first one found. */
const LOOKS = 2;

/** Marks a detected face with the landmark network of the npm package faceplugin-face-recognition-js (MIT). */
export async function markFace(
  network: LoadedOnnx,
  picture: Plane<Uint8Array>,
  { box }: Detected,
): Promise<FaceMarks> {
  let points = await landmarks(network, picture, grown(box, MARGIN));
  for (let look = 1; look < LOOKS; look++) {
    const { left, top, width, height, roll = 0 } = boxOf(points);
    const high = height * (1 + ABOVE_BROWS);
    const side = Math.max(width, high);
    // the detector's box extends upwards from the brows, in the direction of the face's roll
    const middle = placeIn({ left, top, width, height, roll }, { x: 0.5, y: 0.5 - ABOVE_BROWS / 2 });
    const square = { left: middle.x - side / 2, top: middle.y - side / 2, width: side, height: side, roll };
    points = await landmarks(network, picture, grown(square, MARGIN));
  }
  return marksOf(points);
}

async function landmarks(network: LoadedOnnx, picture: Plane<Uint8Array>, part: Part): Promise<Point[]> {
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  const rgb = laidOnto(picture, whole, part, INPUT, { beyond: "edge", most: 3 });
  const data = new Float32Array(INPUT.width * INPUT.height);
  for (let i = 0; i < data.length; i++) {
    const [red, green, blue] = [rgb[3 * i] as number, rgb[3 * i + 1] as number, rgb[3 * i + 2] as number];
    data[i] = (0.299 * red + 0.587 * green + 0.114 * blue) / 256;
  }
  const [shares = new Float32Array()] = await network({ data, shape: [1, 1, INPUT.height, INPUT.width] });
  return Array.from({ length: shares.length / 2 }, (_, i) =>
    placeIn(part, { x: shares[2 * i] as number, y: shares[2 * i + 1] as number }),
  );
}

function grown({ left, top, width, height, roll = 0 }: Part, scale: number): Part {
  const [across, down] = [scale * width, scale * height];
  return {
    left: left - (across - width) / 2,
    top: top - (down - height) / 2,
    width: across,
    height: down,
    roll,
  };
}

/** Indices: the jaw from ear to ear, the tip of the nose, both eyes, the corners of the mouth. */
const [EAR, OTHER_EAR, NOSE, EYE, OTHER_EYE, END] = [0, 16, 30, 36, 42, 48];
const CORNERS = [48, 54] as const;

function marksOf(points: readonly Point[]): FaceMarks {
  const at = (index: number) => points[index] as Point;
  const eyes = [mean(points.slice(EYE, OTHER_EYE)), mean(points.slice(OTHER_EYE, END))] as const;
  const box = boxOf(points);
  const [ear, nose, other] = [at(EAR), at(NOSE), at(OTHER_EAR)].map((point) => shareIn(box, point).x) as [
    number,
    number,
    number,
  ];
  const far = Math.min(nose - ear, other - nose) / Math.max(other - ear, 1e-9);
  return { eyes, mouth: mean(CORNERS.map(at)), box, far };
}

/** The landmarks' box, rotated so that the eyes are level. */
function boxOf(points: readonly Point[]): Part {
  const [left, right] = [mean(points.slice(EYE, OTHER_EYE)), mean(points.slice(OTHER_EYE, END))];
  const roll = Math.atan2(right.y - left.y, right.x - left.x);
  const unit = { left: -0.5, top: -0.5, width: 1, height: 1, roll };
  const turned = points.map((point) => shareIn(unit, point));
  const [xs, ys] = [turned.map(({ x }) => x), turned.map(({ y }) => y)];
  const [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  const [y0, y1] = [Math.min(...ys), Math.max(...ys)];
  const { x, y } = placeIn(unit, { x: (x0 + x1) / 2, y: (y0 + y1) / 2 });
  const [width, height] = [x1 - x0, y1 - y0];
  return { left: x - width / 2, top: y - height / 2, width, height, roll };
}

function mean(points: readonly Point[]): Point {
  const sum = (of: (point: Point) => number) => points.reduce((total, point) => total + of(point), 0);
  return { x: sum(({ x }) => x) / points.length, y: sum(({ y }) => y) / points.length };
}
