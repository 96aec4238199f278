import { InputError } from "../../../src/errors.ts";
import { type PhotoTable, readPhotoTable } from "./photo-table.ts";

/** Which attributes a photo has, under CelebA's names. */
export type Labels = ReadonlyMap<string, boolean>;

/** Photos by file name, in the file's order. */
export type LabelledPhotos = ReadonlyMap<string, Labels>;

/** CelebA writes 1 and −1; tables made of it also 1 and 0, or words. */
const VALUES = new Map([
  ["1", true],
  ["-1", false],
  ["0", false],
  ["true", true],
  ["false", false],
]);

/**
 * Reads `list_attr_celeba.txt`, `CelebAMask-HQ-attribute-anno.txt`, or CSV with one column a label.
 * @throws InputError if it is none of them, or a value is no label
 */
export async function readLabels(path: string): Promise<LabelledPhotos> {
  return labelsOf(await readPhotoTable(path), path);
}

export function labelsOf({ columns, rows }: PhotoTable, name: string): LabelledPhotos {
  const photos = new Map<string, Labels>();
  for (const [photo, values] of rows) {
    const labels = new Map<string, boolean>();
    values.forEach((text, i) => {
      const value = VALUES.get(text.toLowerCase());
      if (value === undefined)
        throw new InputError(
          "option_invalid",
          `${name}: ${photo} has ${columns[i]} "${text}"; labels are 1 and -1 (or 0)`,
        );
      labels.set(columns[i] as string, value);
    });
    photos.set(photo, labels);
  }
  return photos;
}
