/** Which face of a photo an edit is about. */
import type { FaceChoice } from "../../../shared/mask.ts";
import { InputError } from "../errors.ts";
import type { Mask, Part, Point, Size } from "../image/picture.ts";
import { shareIn, toShares } from "../image/turn.ts";
import type { Face } from "./finder.ts";

/**
 * In profile the eyes' positions are a guess, so such faces are refused rather than damaged. The landmarks may then look as
 * if from the front, but the detector is less sure: it gives 0.99 and more to faces turned by up to 60°, less than 0.9 beyond.
 */
const [LEAST_FAR, LEAST_SCORE] = [0.12, 0.95];

const showsBothEyes = ({ far, score }: Face) => far >= LEAST_FAR && score >= LEAST_SCORE;

/** Share of its size that a face in a corner of the photo loses in the ranking. */
const OFF_CENTRE = 0.5;

/** Faces by size; of equals, those near the middle come first. The first is edited unless another is asked for. */
export function ranked(faces: readonly Face[], photo: Size): Face[] {
  const weight = ({ box }: Face) => {
    const [x, y] = [box.left + box.width / 2 - photo.width / 2, box.top + box.height / 2 - photo.height / 2];
    const away = Math.hypot(x, y) / (Math.hypot(photo.width, photo.height) / 2);
    return Math.sqrt(box.width * box.height) * (1 - OFF_CENTRE * away);
  };
  return faces.toSorted((a, b) => weight(b) - weight(a));
}

/**
 * @param faces in the order of `ranked`
 * @throws InputError `no_face` if there is no face, none at the chosen place, or it is seen from the side
 */
export function chooseFace(faces: readonly Face[], choice: FaceChoice | undefined): Face {
  const face = wanted(faces, choice);
  if (!showsBothEyes(face))
    throw new InputError(
      "no_face",
      "the face is seen from the side, or half hidden; send a photo that shows both eyes, or a mask",
    );
  return face;
}

function wanted(faces: readonly Face[], choice: FaceChoice | undefined): Face {
  const [first] = faces;
  if (first === undefined)
    throw new InputError("no_face", "no face is found in the photo; send one that shows a face, or a mask");
  // without a choice, a face that is not in profile is preferred
  if (choice === undefined) return faces.find(showsBothEyes) ?? first;
  if (typeof choice === "number") {
    const chosen = faces[choice];
    const count = faces.length === 1 ? "1 face is" : `${faces.length} faces are`;
    if (chosen === undefined)
      throw new InputError("no_face", `face ${choice} is not there: ${count} found, counted from 0`);
    return chosen;
  }
  const near = faces
    .map((face) => ({ face, away: awayFrom(face.box, choice) }))
    .toSorted((a, b) => a.away - b.away)[0];
  if (near === undefined || near.away > 1)
    throw new InputError("no_face", `no face is found at (${choice.x}, ${choice.y})`);
  return near.face;
}

/** Distance of a place from a face's middle: up to ½ it lies in the box, up to 1 in a box with sides twice as long. */
function awayFrom(box: Part, place: Point): number {
  const { x, y } = shareIn(box, place);
  return Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5));
}

/** Share of a mask that lies in a part, 0…1. */
export function shareOf(mask: Mask, part: Part): number {
  const { xx, xy, x0, yx, yy, y0 } = toShares(part);
  let [all, inside] = [0, 0];
  for (let y = 0; y < mask.height; y++)
    for (let x = 0; x < mask.width; x++) {
      const value = mask.data[y * mask.width + x] as number;
      if (value === 0) continue;
      all += value;
      const u = xx * (x + 0.5) + xy * (y + 0.5) + x0;
      const v = yx * (x + 0.5) + yy * (y + 0.5) + y0;
      if (u >= 0 && v >= 0 && u < 1 && v < 1) inside += value;
    }
  return all === 0 ? 0 : inside / all;
}
