/** Where a teacher sees the regions of photographs: `photos.build` (gpu-fn/training), run once and kept in .training/. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { InputError } from "../../src/errors.ts";
import type { Part } from "../../src/image/picture.ts";

/** Side of the square that is judged, to the one FFHQ lays around a face; cells a side of its masks. */
const SCALE = 2;
const SIDE = 128;

const TRAINING = join(import.meta.dirname, "../../training");
const SCRATCH = join(TRAINING, "../../.training");

const rowSchema = z.object({
  file: z.string(),
  /** Corners of the square around the face in pixels of the photo: top left, top right, bottom right, bottom left. */
  crop: z.array(z.tuple([z.number(), z.number()])).length(4),
  /** Regions that the teachers did not see, such as a bald head's hair: their masks are where they would be. */
  estimated: z.array(z.string()),
});

/** A photograph with the regions a teacher sees in it. */
export interface TaughtPhoto {
  readonly path: string;
  /** The square around the face that was looked at. */
  readonly face: Part;
  /** Coverage 0…255 of the square, `regions·side²` bytes, region by region; nothing of a region that was not seen. */
  readonly masks: Uint8Array;
  readonly side: number;
}

/**
 * The photographs of one part of a folder's split.
 * @param part the folder, a slash, and the part's name
 * @throws InputError if the folder, its split or the training's Python is missing
 */
export async function taughtPhotos(part: string, regions: readonly string[]): Promise<TaughtPhoto[]> {
  const folder = dirname(resolve(part));
  const name = basename(part);
  const truth = join(SCRATCH, "regions", name);
  if (!existsSync(join(truth, "dataset.json"))) teach(folder, name, truth);
  const lines = await shards(truth);
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

async function shards(truth: string) {
  const names = (await readdir(truth))
    .filter((name) => name.endsWith(".jsonl") && name.startsWith("shard"))
    .sort();
  const read = names.map(async (name) => {
    const rows = (await readFile(join(truth, name), "utf8")).split("\n").filter((line) => line !== "");
    const masks = await readFile(join(truth, name.replace(/jsonl$/, "masks")));
    const each = masks.length / rows.length;
    return rows.map((line, i) => ({
      row: rowSchema.parse(JSON.parse(line)),
      masks: new Uint8Array(masks.subarray(i * each, (i + 1) * each)),
    }));
  });
  return (await Promise.all(read)).flat();
}

function teach(folder: string, part: string, out: string): void {
  const python = join(SCRATCH, "venv-photos/bin/python");
  const split = join(folder, "split.json");
  for (const [path, what] of [
    [split, "the split of the photos"],
    [python, "the Python of gpu-fn/training/README.md, Photos"],
    [join(SCRATCH, "wordings.json"), "the wordings of gpu-fn/training/README.md"],
  ] as const)
    if (!existsSync(path)) throw new InputError("file_unreadable", `${path} is missing: ${what}`);
  const hair = join(folder, "models/hair_meta.tflite");
  const args = [
    "-m",
    "photos.build",
    join(folder, "images"),
    "--split",
    split,
    "--parts",
    part,
    "--hair",
    hair,
  ];
  const sizes = ["--scale", SCALE, "--size", 4 * SIDE, "--mask-size", SIDE].map(String);
  const { status } = spawnSync(python, [...args, ...sizes, "--workers", "1", "--out", out], {
    cwd: TRAINING,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new InputError("file_unreadable", `the teachers could not read ${folder}`);
}
