/** Runs modules of gpu-fn/training on photographs, with its own Python; their output is stored in .training/. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../../src/errors.ts";

const TRAINING = join(import.meta.dirname, "../../training");
export const SCRATCH = join(TRAINING, "../../.training");

/** A part of a folder's split, such as `../shared/photos/test`: the folder, a slash, and the part's name. */
export function splitOf(part: string): { readonly folder: string; readonly name: string } {
  return { folder: dirname(resolve(part)), name: basename(part) };
}

/**
 * Runs a module of gpu-fn/training on the photos of a folder.
 * @param args arguments besides `images --split … --hair …`
 * @throws InputError if the folder, its split or the training's Python is missing, or the module fails
 */
export function teach(module: string, folder: string, args: readonly string[]): void {
  const python = join(SCRATCH, "venv-photos/bin/python");
  const split = join(folder, "split.json");
  for (const [path, what] of [
    [split, "the split of the photos"],
    [python, "the Python of gpu-fn/training/README.md, Photos"],
    [join(SCRATCH, "wordings.json"), "the wordings of gpu-fn/training/README.md"],
  ] as const)
    if (!existsSync(path)) throw new InputError("file_unreadable", `${path} is missing: ${what}`);
  const hair = join(folder, "models/hair_meta.tflite");
  const given = ["-m", module, join(folder, "images"), "--split", split, "--hair", hair, ...args];
  const { status } = spawnSync(python, given, { cwd: TRAINING, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new InputError("file_unreadable", `the teachers could not read ${folder}`);
}

/** A row of a shard, and its data in the shard's files. */
export interface ShardRow {
  readonly row: unknown;
  readonly images: Uint8Array;
  readonly masks: Uint8Array;
}

/** All rows of a dataset written by `photos/shards.py`, in order. */
export async function shardRows(folder: string): Promise<ShardRow[]> {
  const names = (await readdir(folder)).filter((name) => /^shard.*\.jsonl$/.test(name)).sort();
  const read = names.map(async (name) => {
    const rows = (await readFile(join(folder, name), "utf8")).split("\n").filter((line) => line !== "");
    const of = async (kind: string) => {
      const bytes = await readFile(join(folder, name.replace(/jsonl$/, kind)));
      const each = bytes.length / rows.length;
      return (i: number) => new Uint8Array(bytes.subarray(i * each, (i + 1) * each));
    };
    const [images, masks] = [await of("images"), await of("masks")];
    return rows.map((line, i) => ({ row: JSON.parse(line), images: images(i), masks: masks(i) }));
  });
  return (await Promise.all(read)).flat();
}
