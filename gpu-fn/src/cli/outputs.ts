import { mkdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import type { ImageFormat } from "../../../shared/image.ts";
import { InputError } from "../errors.ts";
import type { EditOptions } from "./edit-command.ts";
import { checkWritable, formatOf } from "./files.ts";

/** Distinguishes a result's name from its photo's: `portrait.edited.png`. */
export const RESULT_MARK = ".edited";

/** The output files of one edit. */
export interface Outputs {
  readonly image: string;
  readonly format: ImageFormat;
  readonly mask: string | null;
  readonly grid: string | null;
}

type Named = Pick<EditOptions, "out" | "maskOut" | "grid" | "format">;

/**
 * Plans all outputs before any time is spent on edits. For one photo they are the named files; for several, files in the
 * named folders, which are created. A photo's edits are adjacent, and numbered from the second on.
 * @param edits number of edits of each photo
 * @throws InputError if two outputs have the same name, an output would overwrite a photo, or one cannot be written
 */
export async function planOutputs(photos: readonly string[], named: Named, edits = 1): Promise<Outputs[]> {
  const several = photos.length > 1;
  const folders = new Set<string>();
  for (const path of [named.out, named.maskOut, named.grid])
    if (path !== undefined && (await isFolder(path, several))) folders.add(path);
  const names = namesOf(photos, named.out !== undefined);
  const plans = photos.flatMap((photo, at) => {
    const first = outputsOf(photo, names[at] as string, named, folders);
    return Array.from({ length: edits }, (_, i) => (i === 0 ? first : numbered(first, i + 1)));
  });
  checkApart(photos, plans.flatMap(pathsOf));
  for (const folder of folders)
    await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
      throw new InputError("output_unwritable", `the folder ${folder} cannot be created`, { cause });
    });
  for (const path of plans.flatMap(pathsOf)) await checkWritable(path);
  return plans;
}

/**
 * The base name of each photo's results: the photo's name without the extension; with it if two photos differ only in
 * that ("me.jpg" and "me.png"); and numbered if photos in several folders have the same name.
 */
function namesOf(photos: readonly string[], together: boolean): string[] {
  const stems = photos.map((photo) => basename(photo, extname(photo)));
  const place = (photo: string, name: string) => (together ? name : join(resolve(dirname(photo)), name));
  const places = photos.map((photo, i) => place(photo, stems[i] as string));
  const taken = new Set<string>();
  return photos.map((photo, i) => {
    const alone = places.filter((other) => other === places[i]).length === 1;
    const name = alone ? (stems[i] as string) : basename(photo);
    let free = name;
    for (let number = 2; taken.has(place(photo, free)); number++) free = `${name}-${number}`;
    taken.add(place(photo, free));
    return free;
  });
}

function numbered({ image, format, mask, grid }: Outputs, number: number): Outputs {
  const named = (path: string) => path.slice(0, -extname(path).length).concat(`.${number}`, extname(path));
  return { image: named(image), format, mask: mask && named(mask), grid: grid && named(grid) };
}

const pathsOf = ({ image, mask, grid }: Outputs) => [image, mask, grid].filter((path) => path !== null);

async function isFolder(path: string, several: boolean): Promise<boolean> {
  const status = await stat(path).catch(() => null);
  if (status === null) return several || /[/\\]$/.test(path);
  if (several && status.isFile())
    throw new InputError(
      "output_unwritable",
      `${path} is a file: the results of several photos need a folder`,
    );
  return status.isDirectory();
}

function outputsOf(
  photo: string,
  name: string,
  { out, maskOut, grid, format = "png" }: Named,
  folders: ReadonlySet<string>,
): Outputs {
  const ending = format === "jpeg" ? "jpg" : format;
  const png = (path: string | undefined, mark: string) => {
    if (path === undefined) return null;
    if (folders.has(path)) return join(path, `${name}${mark}.png`);
    if (formatOf(path) === "png") return path;
    throw new InputError("output_unwritable", `${path}: masks and grids are written as .png`);
  };
  const file = out !== undefined && !folders.has(out);
  const image = file ? out : join(out ?? dirname(photo), `${name}${RESULT_MARK}.${ending}`);
  return { image, format: formatOf(image), mask: png(maskOut, ".mask"), grid: png(grid, ".grid") };
}

function checkApart(photos: readonly string[], paths: readonly string[]): void {
  const taken = new Set<string>();
  for (const path of paths) {
    if (taken.has(resolve(path)))
      throw new InputError("output_unwritable", `two outputs have the same name, ${path}`);
    taken.add(resolve(path));
  }
  const overwritten = photos.find((photo) => taken.has(resolve(photo)));
  if (overwritten !== undefined)
    throw new InputError("output_unwritable", `the photo ${overwritten} would be overwritten`);
}
