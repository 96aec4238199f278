/** A photo and its drawn counterfactual as the model sees them: in the face's square, whatever square was drawn on. */
import { fromModel, overlapOf, toModel, wholeOf } from "../../../src/image/crop.ts";
import type { Part, Photo, Size } from "../../../src/image/picture.ts";
import { boxAround, laidOnto, shareIn } from "../../../src/image/turn.ts";
import type { TruePictures } from "../cases.ts";
import type { FaceLandmarks, Point } from "../perceptual/metric.ts";
import type { TruePhoto } from "./truths.ts";

type Drawn = Pick<TruePhoto, "square" | "side" | "before" | "after" | "mask">;

/** Coverage from which a pixel of the exact mask counts as touched: less is the rim of a neighbour. */
const TOUCHED = 8;

/** How the drawing changes each channel, −255…255, over a part on a grid of its own; nothing beyond what was drawn on. */
function changeOver({ square, side, before, after }: Drawn, part: Part, size: Size): Float32Array {
  const data = Float32Array.from(after, (value, i) => value - (before[i] as number));
  return laidOnto({ data, width: side, height: side, channels: 3 }, square, part, size, {
    beyond: "nothing",
  });
}

const changed = (rgb: Uint8Array, change: Float32Array) =>
  rgb.map((value, i) => Math.min(255, Math.max(0, Math.round(value + (change[i] as number)))));

/**
 * What a picture of a part is compared with. The region is where the exact mask has at least half of its greatest coverage:
 * a soft shade claims little of it everywhere.
 */
export async function picturesOver(
  photo: Photo,
  drawn: Drawn & Pick<TruePhoto, "landmarks">,
  part: Part,
  side: number,
): Promise<TruePictures> {
  const size = { width: side, height: side };
  const source = fromModel(await toModel(photo, part, size));
  const grey = { data: drawn.mask, width: drawn.side, height: drawn.side, channels: 1 } as const;
  const mask = laidOnto(grey, drawn.square, part, size, { beyond: "nothing" });
  const most = mask.reduce((a, b) => Math.max(a, b), 0);
  return {
    source,
    truth: changed(source, changeOver(drawn, part, size)),
    region: mask.map((value) => (most > 0 && value >= most / 2 ? 255 : 0)),
    touched: mask.map((value) => (value >= TOUCHED ? 255 : 0)),
    landmarks: landmarksIn(drawn.landmarks, part, side),
  };
}

/** The whole photo with the attribute. */
export function drawnPhoto(photo: Photo, drawn: Drawn): Photo {
  const box = overlapOf(boxAround(drawn.square), wholeOf(photo));
  if (box === null) return photo;
  const change = changeOver(drawn, box, box);
  const rgb = photo.rgb.slice();
  for (let y = 0; y < box.height; y++) {
    const at = 3 * ((box.top + y) * photo.width + box.left);
    const row = change.subarray(3 * y * box.width, 3 * (y + 1) * box.width);
    rgb.set(changed(rgb.subarray(at, at + row.length), row), at);
  }
  return { ...photo, rgb };
}

function landmarksIn(face: FaceLandmarks, part: Part, side: number): FaceLandmarks {
  const moved = ([x, y]: Point): Point => {
    const share = shareIn(part, { x, y });
    return [share.x * side, share.y * side];
  };
  return {
    leftEye: moved(face.leftEye),
    rightEye: moved(face.rightEye),
    nose: moved(face.nose),
    leftMouth: moved(face.leftMouth),
    rightMouth: moved(face.rightMouth),
  };
}
