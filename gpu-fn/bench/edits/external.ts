/** Pictures that another editor made of the benchmark's cases, from a folder. */
import { readdir, readFile } from "node:fs/promises";
import { basename, extname, join, parse, resolve } from "node:path";
import { InputError } from "../../src/errors.ts";
import { fromModel, toModel, wholeOf } from "../../src/image/crop.ts";
import { decodePhoto, inspectImage } from "../../src/image/decode.ts";
import { caseName, type NamedCase } from "./cases.ts";
import type { EditedPictures } from "./editor.ts";

/** An `Editor` of renders and of photos alike: it has its pictures already, and needs no source. */
export interface ResultsEditor {
  /** The folder's name. */
  readonly name: string;
  /** What has to be said of the pictures: that they had another size. */
  readonly notes: readonly string[];
  edit(edit: NamedCase): Promise<EditedPictures>;
}

const ENDINGS = [".png", ".jpg", ".jpeg", ".webp"];

/**
 * Opens a folder of `<attribute>/<seed or photo>.(png|jpg|webp)`, upright or with an orientation tag, any profile.
 * Every picture is looked for and its header read before the first is judged.
 * @param resolution the model's: pictures of another size are resized to it
 * @throws InputError, one line: pictures missing (how many, the first), unreadable, or not square
 */
export async function openResults(
  folder: string,
  cases: readonly NamedCase[],
  resolution: number,
): Promise<ResultsEditor> {
  const paths = await findPictures(folder, cases);
  const others = new Map<string, number>();
  for (const path of new Set(paths.values())) {
    const { width, height } = await sizeOf(path);
    if (width !== height)
      throw new InputError(
        "option_invalid",
        `${path}: it is ${width}×${height}, the case's picture is square`,
      );
    if (width !== resolution) others.set(`${width}×${width}`, (others.get(`${width}×${width}`) ?? 0) + 1);
  }
  const name = basename(resolve(folder));
  return {
    name,
    notes: [...others].map(
      ([size, count]) =>
        `${name}: ${count} of ${paths.size} pictures are ${size} and were resized to ${resolution}×${resolution}`,
    ),
    async edit(edit) {
      const path = paths.get(placeOf(edit));
      if (path === undefined)
        throw new InputError("option_invalid", `${folder} was not opened for ${placeOf(edit)}`);
      const photo = await decodePhoto(await readFile(path));
      const size = { height: resolution, width: resolution };
      return { picture: fromModel(await toModel(photo, wholeOf(photo), size)) };
    },
  };
}

/** Where a case's picture stands in a folder of results, without its ending. */
export const placeOf = (edit: NamedCase): string => `${edit.attribute}/${caseName(edit)}`;

async function findPictures(folder: string, cases: readonly NamedCase[]): Promise<Map<string, string>> {
  const places = [...new Set(cases.map(placeOf))];
  const there = new Map<string, string>();
  for (const attribute of new Set(cases.map((edit) => edit.attribute))) {
    const names = await readdir(join(folder, attribute)).catch(() => []);
    for (const name of names) {
      if (!ENDINGS.includes(extname(name).toLowerCase())) continue;
      const place = `${attribute}/${parse(name).name}`;
      if (there.has(place) && places.includes(place))
        throw new InputError("option_invalid", `${folder} has two pictures of ${place}`);
      there.set(place, join(folder, attribute, name));
    }
  }
  const missing = places.filter((place) => !there.has(place));
  if (missing.length > 0)
    throw new InputError(
      "file_unreadable",
      `${folder}: ${missing.length} of ${places.length} pictures are missing, the first is ${missing[0]}.png (or .jpg, .webp)`,
    );
  return new Map(places.map((place) => [place, there.get(place) as string]));
}

async function sizeOf(path: string): Promise<{ width: number; height: number }> {
  return inspectImage(await readFile(path)).catch((error: unknown) => {
    if (error instanceof InputError) throw new InputError(error.code, `${path}: ${error.message}`);
    throw error;
  });
}
