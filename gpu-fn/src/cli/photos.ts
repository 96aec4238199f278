import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { InputError } from "../errors.ts";
import { RESULT_MARK } from "./outputs.ts";

/** HEIC is included so that it is reported: it cannot be read, and a photo must not be skipped silently. */
const PHOTO = "*.{jpg,jpeg,png,webp,avif,heic,heif}";

/** Earlier results, which lie beside their photos and must not be edited again. */
const RESULTS = [`**/*${RESULT_MARK}.*`];

/**
 * The photos that a user named, in order and each once: files as they are, the photos directly in a folder, and what a
 * glob matches. An existing name is never treated as a pattern.
 * @throws InputError if a file does not exist, or a folder or pattern yields no photo
 */
export async function findPhotos(named: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const name of named) for (const photo of await photosOf(name)) found.add(photo);
  return [...found];
}

async function photosOf(name: string): Promise<string[]> {
  const status = await stat(name).catch(() => null);
  if (status?.isDirectory()) {
    const photos = await glob(PHOTO, { cwd: name, ignore: RESULTS, caseSensitiveMatch: false });
    if (photos.length === 0)
      throw new InputError("file_unreadable", `there is no photo in the folder ${name}`);
    return photos.sort().map((photo) => join(name, photo));
  }
  if (status !== null) return [name];
  if (!isDynamicPattern(name)) throw new InputError("file_unreadable", `there is no file ${name}`);
  const photos = await glob(name, { ignore: RESULTS, absolute: isAbsolute(name) });
  if (photos.length === 0) throw new InputError("file_unreadable", `no file matches ${name}`);
  return photos.sort();
}
