/** Finds every face in a photo, including small and turned ones. */
import { join } from "node:path";
import sharp from "sharp";
import { FACES_MAX } from "../../../shared/mask.ts";
import { openOnnx } from "../device/onnx-file.ts";
import { overWhite } from "../image/crop.ts";
import type { Part, Photo, Point, Size } from "../image/picture.ts";
import type { Plane } from "../image/turn.ts";
import { type Detected, detect, onceEach } from "./detector.ts";
import { type FaceMarks, markFace } from "./landmarks.ts";

export interface Face extends FaceMarks {
  /** The detector's confidence that this is a face, 0…1. */
  readonly score: number;
}

/** Finds the faces of a photo, in its pixels, in order of descending score. */
export type FindFaces = (photo: Photo) => Promise<readonly Face[]>;

const WEIGHTS = join(import.meta.dirname, "../../models/faces");

/**
 * Longer sides, in pixels, of the reduced pictures. The whole photo is searched at the detector's input size; parts and
 * landmarks use enough pixels that a face of a thirtieth of the photo still has 34.
 */
const [WHOLE, PARTS] = [320, 1024];

/** @throws WeightsError if the networks are missing or damaged */
export async function openFaceFinder(folder = WEIGHTS): Promise<FindFaces> {
  const [detector, marker] = await Promise.all(
    ["detector.onnx", "landmarks.onnx"].map((name) => openOnnx(join(folder, name))),
  );
  if (detector === undefined || marker === undefined) return async () => [];
  return async (photo) => {
    const picture = await reduced({ data: overWhite(photo), channels: 3, ...sizeOf(photo) }, PARTS);
    const small = await reduced(picture, WHOLE);
    const scale = picture.width / small.width;
    const look = async (part: Part) => (await detect(detector, small, part)).map((face) => at(face, scale));
    const whole = { left: 0, top: 0, ...sizeOf(small) };
    let found = await surest(sides(whole), look);
    if (found.length === 0)
      found = onceEach(await all(pieces(sizeOf(picture)), (part) => detect(detector, picture, part)));
    const faces: Face[] = [];
    for (const face of found.slice(0, FACES_MAX)) {
      const marks = await markFace(marker, picture, face);
      faces.push({ ...enlarged(marks, photo.width / picture.width), score: face.score });
    }
    return faces;
  };
}

/** The whole picture upright, then on either side, then upside down. */
function sides({ width, height }: Size): Part[] {
  return [0, Math.PI / 2, -Math.PI / 2, Math.PI].map((roll) => {
    // on its side, a picture is as wide as it was high
    const [across, down] = Math.abs(roll) === Math.PI / 2 ? [height, width] : [width, height];
    return { left: (width - across) / 2, top: (height - down) / 2, width: across, height: down, roll };
  });
}

/** Nine parts with half the picture's sides, each overlapping its neighbours by half. */
function pieces({ width, height }: Size): Part[] {
  const starts = [0, 0.25, 0.5];
  return starts.flatMap((left) =>
    starts.map((top) => ({ left: left * width, top: top * height, width: width / 2, height: height / 2 })),
  );
}

type Look = (part: Part) => Promise<Detected[]>;

/** A detection with at least this score is a face, whatever the photo's orientation. */
const SURE = 0.95;

/** The detections in the first part with a sure face; if there is none, those in the part with the highest score. */
async function surest(parts: readonly Part[], look: Look): Promise<Detected[]> {
  let best: Detected[] = [];
  for (const part of parts) {
    const found = await look(part);
    const score = found[0]?.score ?? 0;
    if (score >= SURE) return found;
    if (score > (best[0]?.score ?? 0)) best = found;
  }
  return best;
}

async function all(parts: readonly Part[], look: Look): Promise<Detected[]> {
  const found: Detected[] = [];
  for (const part of parts) found.push(...(await look(part)));
  return found;
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height });

/** The picture reduced to at most a given number of pixels along its longer side. */
async function reduced(picture: Plane<Uint8Array>, longest: number): Promise<Plane<Uint8Array>> {
  const { data, width, height } = picture;
  if (Math.max(width, height) <= longest) return picture;
  const raw = { width, height, channels: 3 } as const;
  const small = await sharp(data, { raw, limitInputPixels: false })
    .resize(longest, longest, { fit: "inside", kernel: "linear" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: small.data, width: small.info.width, height: small.info.height, channels: 3 };
}

const at = ({ score, box }: Detected, scale: number): Detected => ({ score, box: scaled(box, scale) });

function scaled({ left, top, width, height, roll = 0 }: Part, scale: number): Part {
  return { left: left * scale, top: top * scale, width: width * scale, height: height * scale, roll };
}

function enlarged({ eyes, mouth, box, far }: FaceMarks, scale: number): FaceMarks {
  const point = ({ x, y }: Point): Point => ({ x: x * scale, y: y * scale });
  return { eyes: [point(eyes[0]), point(eyes[1])], mouth: point(mouth), box: scaled(box, scale), far };
}
