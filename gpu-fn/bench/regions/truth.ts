/** A teacher's regions of photographs: `photos.build` (gpu-fn/training), run once, with its output in .training/. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../src/errors.ts";
import type { Part } from "../../src/image/picture.ts";
import { SCRATCH, shardRows, splitOf, teach } from "../kit/photo-teachers.ts";

/** Side of the judged square relative to FFHQ's square around a face; cells per side of its masks. */
const SCALE = 2;
const SIDE = 128;

const rowSchema = z.object({
  file: z.string(),
  /** Corners of the square around the face in pixels of the photo: top left, top right, bottom right, bottom left. */
  crop: z.array(z.tuple([z.number(), z.number()])).length(4),
  /** Regions that the teachers did not see, such as a bald head's hair; their masks show where they would be. */
  estimated: z.array(z.string()),
});

/** A photograph with its teacher's regions. */
export interface TaughtPhoto {
  readonly path: string;
  /** The judged square around the face. */
  readonly face: Part;
  /** Coverage 0…255 of the square, `regions·side²` bytes, region by region; 0 for regions that were not seen. */
  readonly masks: Uint8Array;
  readonly side: number;
}

/**
 * The photographs of one part of a folder's split.
 * @param part the folder, a slash, and the part's name
 * @throws InputError if the folder, its split or the training's Python is missing
 */
export async function taughtPhotos(part: string, regions: readonly string[]): Promise<TaughtPhoto[]> {
  const { folder, name } = splitOf(part);
  const truth = join(SCRATCH, "regions", name);
  const sizes = ["--scale", SCALE, "--size", 4 * SIDE, "--mask-size", SIDE].map(String);
  if (!existsSync(join(truth, "dataset.json")))
    teach("photos.build", folder, ["--parts", name, ...sizes, "--workers", "1", "--out", truth]);
  const lines = (await shardRows(truth)).map(({ row, masks }) => ({ row: rowSchema.parse(row), masks }));
  if (lines.length === 0) throw new InputError("file_unreadable", `${folder} has no photos in "${name}"`);
  return lines.map(({ row, masks }) => {
    const cells = masks.length / regions.length;
    regions.forEach((region, i) => {
      if (row.estimated.includes(region)) masks.fill(0, i * cells, (i + 1) * cells);
    });
    return { path: join(folder, "images", row.file), face: partOf(row.crop), masks, side: Math.sqrt(cells) };
  });
}

/** A square by its corners: top left, top right, bottom right, bottom left. */
export function partOf(corners: readonly (readonly [number, number])[]): Part {
  const [[x0, y0], [x1, y1], [x2, y2]] = corners as [[number, number], [number, number], [number, number]];
  const side = Math.hypot(x1 - x0, y1 - y0);
  const [x, y] = [(x0 + x2) / 2, (y0 + y2) / 2];
  return {
    left: x - side / 2,
    top: y - side / 2,
    width: side,
    height: side,
    roll: Math.atan2(y1 - y0, x1 - x0),
  };
}
