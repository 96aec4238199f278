import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { InputError } from "../errors.ts";
import { RESULT_MARK } from "./outputs.ts";

/** HEIC is among them to be reported, as it is not read: a photo that is left out must not go unnoticed. */
const PHOTO = "*.{jpg,jpeg,png,webp,avif,heic,heif}";

/** Earlier results, which lie beside their photos and are not to be edited again. */
const RESULTS = [`**/*${RESULT_MARK}.*`];

/**
 * The photos that a user named, in their order and each once: files as they are, folders by the photos right in them,
 * globs by what they match. An existing name is never taken for a pattern.
 * @throws InputError if there is no such file, or nothing in a folder or under a pattern
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
