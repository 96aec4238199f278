import { access, constants, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { IMAGE_FORMATS, IMAGE_LIMITS, type ImageFormat } from "../../../shared/image.ts";
import { InputError } from "../errors.ts";
import type { PictureFile } from "../region/request.ts";

/** Reads a picture that a user named. @throws InputError if it is missing, not a file, or too large */
export async function readPicture(path: string): Promise<PictureFile> {
  const status = await stat(path).catch(() => null);
  if (status === null) throw new InputError("file_unreadable", `there is no file ${path}`);
  if (!status.isFile()) throw new InputError("file_unreadable", `${path} is not a file`);
  if (status.size > IMAGE_LIMITS.bytes)
    throw new InputError("image_too_large", `${path} is larger than ${IMAGE_LIMITS.bytes / 1e6} MB`);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new InputError("file_unreadable", `${path} cannot be read`, { cause });
  });
  if (isHeic(bytes))
    throw new InputError(
      "image_undecodable",
      `${path} is HEIC, which is not read: convert it first, with "sips -s format jpeg ${basename(path)} --out ${basename(path, extname(path))}.jpg" on a Mac, "heif-convert" elsewhere`,
    );
  return { bytes };
}

/** Brands of HEIC (ISO/IEC 23008-12, annex B), which phones write. AVIF has its own brands and can be read. */
const HEIC = /^(?:hei[cxms]|hev[cxms])$/;

/** Judges by the file's brands: the major one, or those that a generic picture ("mif1") is compatible with. */
function isHeic(bytes: Uint8Array): boolean {
  const text = (from: number) => String.fromCharCode(...bytes.subarray(from, from + 4));
  if (text(4) !== "ftyp") return false;
  const length = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), 256, bytes.length);
  const brands = [text(8)];
  for (let at = 16; at + 4 <= length; at += 4) brands.push(text(at));
  return !brands.includes("avif") && brands.some((brand) => HEIC.test(brand));
}

/** The format of an output file, from its extension. @throws InputError for any other extension */
export function formatOf(path: string): ImageFormat {
  const extension = extname(path).slice(1).toLowerCase();
  const format = extension === "jpg" ? "jpeg" : extension;
  const known = IMAGE_FORMATS.find((name) => name === format);
  if (known === undefined)
    throw new InputError("output_unwritable", `${path}: write a file ending in .png, .jpg or .webp`);
  return known;
}

/** Checks an output before minutes are spent on it. @throws InputError if its folder cannot be written to */
export async function checkWritable(path: string): Promise<void> {
  const folder = dirname(path);
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw new InputError("output_unwritable", `the folder ${folder} cannot be written to`, { cause });
  });
  const status = await stat(path).catch(() => null);
  if (status !== null && !status.isFile())
    throw new InputError("output_unwritable", `${path} exists and is not a file`);
}

/** Writes all files or none: each is written under a temporary name first, then all are renamed. */
export async function writeAll(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const parts = [...files].map(([path, bytes]) => ({
    path,
    bytes,
    part: join(dirname(path), `.${basename(path)}.${process.pid}.part`),
  }));
  try {
    for (const { part, bytes } of parts) await writeFile(part, bytes);
    for (const { part, path } of parts) await rename(part, path);
  } catch (cause) {
    throw new InputError("output_unwritable", `the result cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    for (const { part } of parts) await rm(part, { force: true });
  }
}
