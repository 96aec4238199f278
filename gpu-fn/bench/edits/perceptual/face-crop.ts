/** The 112×112 picture of a face that recognisers of the ArcFace family take. */
import type { FaceLandmarks, Point } from "./metric.ts";
import { sideOf } from "./picture-tensor.ts";
import { resample } from "./resample.ts";

export const FACE_SIDE = 112;

/** Where the five points lie in an aligned face of 112 pixels (insightface's template): eyes, nose, mouth corners. */
export const FACE_TEMPLATE: FaceLandmarks = {
  leftEye: [38.2946, 51.6963],
  rightEye: [73.5318, 51.5014],
  nose: [56.0252, 71.7366],
  leftMouth: [41.5493, 92.3655],
  rightMouth: [70.7299, 92.2041],
};

/** Share of a portrait's side that is cut out without landmarks: 188 of 256, what pSp cuts out of FFHQ's portraits. */
const CENTRE = 188 / 256;

export type FaceAlignment = "five_points" | "centre";

/** What a key of a recogniser says of the crop. */
export const ALIGNED_BY: Readonly<Record<FaceAlignment, string>> = {
  five_points: "faces aligned by the source's five landmarks to insightface's template of 112×112",
  centre: "no alignment: the middle 188/256 of the square at 112×112",
};

/** The middle of a square portrait, bilinear. */
export function centreCrop(rgb: Uint8Array): Uint8Array {
  const side = sideOf(rgb);
  const cut = Math.round(CENTRE * side);
  const start = Math.floor((side - cut) / 2);
  const middle = new Uint8Array(cut * cut * 3);
  for (let y = 0; y < cut; y++) {
    const from = 3 * ((start + y) * side + start);
    middle.set(rgb.subarray(from, from + 3 * cut), 3 * y * cut);
  }
  return resample(middle, cut, FACE_SIDE, "bilinear");
}

/** (x, y) → (a·x − b·y + tx, b·x + a·y + ty): rotation, scale and shift. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

const pointsOf = (face: FaceLandmarks): Point[] => [
  face.leftEye,
  face.rightEye,
  face.nose,
  face.leftMouth,
  face.rightMouth,
];

/** The similarity that takes one face's points closest to another's, in the sum of squares (Umeyama 1991 in the plane). */
export function similarityOf(from: FaceLandmarks, to: FaceLandmarks): Similarity {
  const [source, target] = [pointsOf(from), pointsOf(to)];
  const middle = (points: Point[], axis: 0 | 1) =>
    points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [sx, sy, tx, ty] = [middle(source, 0), middle(source, 1), middle(target, 0), middle(target, 1)];
  let [along, across, spread] = [0, 0, 0];
  source.forEach(([x, y], i) => {
    const [u, v] = target[i] as Point;
    along += (x - sx) * (u - tx) + (y - sy) * (v - ty);
    across += (x - sx) * (v - ty) - (y - sy) * (u - tx);
    spread += (x - sx) ** 2 + (y - sy) ** 2;
  });
  const [a, b] = [along / spread, across / spread];
  return { a, b, tx: tx - a * sx + b * sy, ty: ty - b * sx - a * sy };
}

/** The face aligned to the template, bilinear, black beyond the picture: what `cv2.warpAffine` does for insightface. */
export function alignedCrop(rgb: Uint8Array, landmarks: FaceLandmarks): Uint8Array {
  const side = sideOf(rgb);
  // From the crop back to the picture: the inverse of a similarity is one.
  const { a, b, tx, ty } = similarityOf(landmarks, FACE_TEMPLATE);
  const scale = a * a + b * b;
  const face = new Uint8Array(FACE_SIDE * FACE_SIDE * 3);
  for (let v = 0; v < FACE_SIDE; v++)
    for (let u = 0; u < FACE_SIDE; u++) {
      const [du, dv] = [u - tx, v - ty];
      const [x, y] = [(a * du + b * dv) / scale, (a * dv - b * du) / scale];
      for (let c = 0; c < 3; c++) face[3 * (v * FACE_SIDE + u) + c] = Math.round(between(rgb, side, x, y, c));
    }
  return face;
}

function between(rgb: Uint8Array, side: number, x: number, y: number, c: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = (i: number, j: number) =>
    i < 0 || j < 0 || i >= side || j >= side ? 0 : (rgb[3 * (j * side + i) + c] as number);
  const [right, down] = [x - left, y - top];
  const upper = (1 - right) * at(left, top) + right * at(left + 1, top);
  const lower = (1 - right) * at(left, top + 1) + right * at(left + 1, top + 1);
  return (1 - down) * upper + down * lower;
}
