/** The record of a weights folder: the terms that were agreed to, and the files found correct. */
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { WeightsError } from "../errors.ts";

const recordSchema = z.object({
  /** Names of terms, with the time at which they were agreed to. */
  terms: z.record(z.string(), z.iso.datetime()).default({}),
  files: z
    .record(z.string(), z.object({ size: z.int(), modified: z.number(), digest: z.string() }))
    .default({}),
});

export type FolderRecord = z.output<typeof recordSchema>;

const NAME = ".weights.json";

/** @throws WeightsError if the record is invalid */
export async function readRecord(folder: string): Promise<FolderRecord> {
  const path = join(folder, NAME);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new WeightsError(`${path} is damaged: remove it, and every file is checked again`, { cause });
  }
}

export async function writeRecord(folder: string, record: FolderRecord): Promise<void> {
  const path = join(folder, NAME);
  await writeFile(`${path}.part`, `${JSON.stringify(record, null, 2)}\n`);
  await rename(`${path}.part`, path);
}

/** Whether a file was found correct under this digest and has not been modified since. */
export async function isKnown(
  folder: string,
  local: string,
  digest: string,
  record: FolderRecord,
): Promise<boolean> {
  const known = record.files[local];
  const status = await stat(join(folder, local)).catch(() => null);
  if (known === undefined || status === null) return false;
  return known.digest === digest && known.size === status.size && known.modified === status.mtimeMs;
}

/** The record with one more file that is correct. */
export async function withFile(
  folder: string,
  local: string,
  digest: string,
  record: FolderRecord,
): Promise<FolderRecord> {
  const { size, mtimeMs: modified } = await stat(join(folder, local));
  return { ...record, files: { ...record.files, [local]: { size, modified, digest } } };
}
