/** Counterfactuals drawn on photos: `photos.filters.truths` (gpu-fn/training), run once and kept in .training/. */
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { REGIONS } from "../../../../shared/regions.ts";
import { InputError } from "../../../src/errors.ts";
import type { Part } from "../../../src/image/picture.ts";
import { SCRATCH, shardRows, splitOf, teach } from "../../kit/photo-teachers.ts";
import { partOf } from "../../regions/truth.ts";
import type { FaceLandmarks } from "../perceptual/metric.ts";
import { PHOTOS_TOGETHER } from "../studies/several-cases.ts";

/** What draws the truths: photos/filters/build.py's VERSION. */
export const FILTERS_VERSION = "photo-filters-1";

const point = z.tuple([z.number(), z.number()]);
const rowSchema = z.object({
  file: z.string(),
  /** Corners of the square that was drawn on, in pixels of the photo, from the top left on clockwise. */
  crop: z.array(point).length(4),
  /** Eyes, nose, corners of the mouth. */
  points: z.tuple([point, point, point, point, point]),
  edits: z.array(
    z.object({
      name: z.string(),
      region: z.enum(REGIONS),
      words: z.array(z.string()).min(1),
      without: z.array(z.string()),
    }),
  ),
});

/** An attribute: its name, PASL's region, what follows "a person" with it and, where it can be taken away, without it. */
export type TrueEdit = z.output<typeof rowSchema>["edits"][number];

/** A photo with one attribute drawn on it, or several. */
export interface TruePhoto {
  readonly path: string;
  readonly edits: readonly TrueEdit[];
  /** The part of the photo that was drawn on. */
  readonly square: Part;
  readonly landmarks: FaceLandmarks;
  /** Of the square, `side²·3` bytes RGB each, and the exact mask: 0 where and only where they are equal. */
  readonly side: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly mask: Uint8Array;
}

/**
 * The counterfactuals of one part of a folder's split, photo by photo.
 * @param part the folder, a slash, and the part's name
 * @throws InputError if the folder, its split or the training's Python is missing
 */
export async function truePhotos(part: string): Promise<TruePhoto[]> {
  const { folder, name } = splitOf(part);
  const kept = join(SCRATCH, "counterfactuals", `${FILTERS_VERSION}-${name}`);
  const together = PHOTOS_TOGETHER.map((names) => names.join("+"));
  if (!existsSync(kept)) {
    const draft = `${kept}.part`; // what was stopped goes on in it
    teach("photos.filters.truths", folder, ["--part", name, "--out", draft, "--together", ...together]);
    await rename(draft, kept);
  }
  const rows = await shardRows(kept);
  if (rows.length === 0)
    throw new InputError("file_unreadable", `${folder} has no AI portraits in "${name}"`);
  return rows.map(({ row: read, images, masks: mask }) => {
    const { file, crop, points, edits } = rowSchema.parse(read);
    const [leftEye, rightEye, nose, leftMouth, rightMouth] = points;
    return {
      path: join(folder, "images", file),
      edits,
      square: partOf(crop),
      landmarks: { leftEye, rightEye, nose, leftMouth, rightMouth },
      side: Math.sqrt(mask.length),
      before: images.subarray(0, images.length / 2),
      after: images.subarray(images.length / 2),
      mask,
    };
  });
}
