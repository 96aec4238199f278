import { z } from "zod";
import { InputError } from "../../../src/errors.ts";
import type { Rectangle } from "../../../src/image/picture.ts";
import type { FaceLandmarks, Point } from "../perceptual/metric.ts";
import { type PhotoTable, readPhotoTable } from "./photo-table.ts";

/** Columns of CelebA's `list_landmarks_align_celeba.txt`; left and right are the viewer's. */
const COLUMNS = [
  "lefteye_x",
  "lefteye_y",
  "righteye_x",
  "righteye_y",
  "nose_x",
  "nose_y",
  "leftmouth_x",
  "leftmouth_y",
  "rightmouth_x",
  "rightmouth_y",
] as const;

const coordinate = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .transform(Number);

/** Five points of each photo by file name, in pixels of the photo. @throws InputError if the file is not that */
export async function readLandmarks(path: string): Promise<ReadonlyMap<string, FaceLandmarks>> {
  return landmarksOf(await readPhotoTable(path), path);
}

export function landmarksOf({ columns, rows }: PhotoTable, name: string): Map<string, FaceLandmarks> {
  const places = COLUMNS.map((column) => columns.indexOf(column));
  if (places.includes(-1))
    throw new InputError("option_invalid", `${name}: it needs the columns ${COLUMNS.join(", ")}`);
  const faces = new Map<string, FaceLandmarks>();
  for (const [photo, values] of rows) {
    const read = z.array(coordinate).safeParse(places.map((place) => values[place]));
    if (!read.success)
      throw new InputError("option_invalid", `${name}: a coordinate of ${photo} is not a number`);
    const point = (i: number): Point => [read.data[2 * i] as number, read.data[2 * i + 1] as number];
    faces.set(photo, {
      leftEye: point(0),
      rightEye: point(1),
      nose: point(2),
      leftMouth: point(3),
      rightMouth: point(4),
    });
  }
  return faces;
}

/** The same points in pixels of the photo's square at the model's resolution; pixel centres lie at whole numbers. */
export function inSquare(
  face: FaceLandmarks,
  { left, top, width }: Rectangle,
  resolution: number,
): FaceLandmarks {
  const scale = resolution / width;
  const moved = ([x, y]: Point): Point => [(x - left + 0.5) * scale - 0.5, (y - top + 0.5) * scale - 0.5];
  return {
    leftEye: moved(face.leftEye),
    rightEye: moved(face.rightEye),
    nose: moved(face.nose),
    leftMouth: moved(face.leftMouth),
    rightMouth: moved(face.rightMouth),
  };
}
