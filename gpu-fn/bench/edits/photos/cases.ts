import { readdir } from "node:fs/promises";
import { extname, join, parse } from "node:path";
import { InputError } from "../../../src/errors.ts";
import type { AskedEdit } from "../cases.ts";
import { PHOTO_ATTRIBUTES } from "./attributes.ts";
import { type LabelledPhotos, type Labels, readLabels } from "./labels.ts";

/** One edit of a photo: nobody knows its true counterfactual, and its region only who has a parser's masks. */
export interface PhotoCase extends AskedEdit {
  /** The photo's file name without its ending. */
  readonly photo: string;
  /** The same with the ending that the labels give it: its row in tables. */
  readonly row: string;
  readonly path: string;
  /** The photo's labels that the edit must leave alone (aᵖʳᵉˢ of Eq. 18). */
  readonly preserved: Labels;
}

/** Labelled photos and the files that there are of them. */
export interface Album {
  readonly labels: LabelledPhotos;
  /** By file name without its ending. */
  readonly files: ReadonlyMap<string, string>;
}

/** A photo's name: labels and folders may give it different endings. */
export const photoName = (file: string): string => parse(file).name;

const ENDINGS = [".png", ".jpg", ".jpeg", ".webp"];

/** Pairs labels with files by name, whatever the ending: CelebA-HQ comes as PNG and as JPEG under JPEG's names. */
export async function openAlbum(folder: string, labels: string): Promise<Album> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new InputError("file_unreadable", `${folder} is not a folder of photos`, { cause });
  });
  const files = new Map<string, string>();
  for (const name of names.sort())
    if (ENDINGS.includes(extname(name).toLowerCase())) files.set(photoName(name), join(folder, name));
  const labelled = await readLabels(labels);
  if (![...labelled.keys()].some((row) => files.has(photoName(row))))
    throw new InputError("option_invalid", `${folder} has none of the photos that ${labels} labels`);
  return { labels: labelled, files };
}

export interface PhotoRange {
  /** Place among the label file's rows, counted from 1, of the first photo that is looked at. */
  readonly first: number;
  readonly perAttribute: number;
}

/**
 * The first photos from a row on that an attribute can be added to, in the labels' order; rows without a file are
 * passed over, so the same folder and labels give the same cases.
 * @throws InputError if there are too few, or the labels lack `Male` or the attribute
 */
export function photoCases(album: Album, name: string, { first, perAttribute }: PhotoRange): PhotoCase[] {
  const asked = PHOTO_ATTRIBUTES[name];
  if (asked === undefined) throw new InputError("option_invalid", `there is no attribute ${name} of photos`);
  const cases: PhotoCase[] = [];
  for (const [row, labels] of [...album.labels].slice(first - 1)) {
    if (cases.length === perAttribute) break;
    const photo = photoName(row);
    const path = album.files.get(photo);
    if (path === undefined) continue;
    const [male, present] = [labelOf(labels, "Male"), labelOf(labels, name)];
    if (present || (asked.womenOnly && male) || asked.hiddenBy.some((label) => labels.get(label))) continue;
    const who = male ? "man" : "woman";
    cases.push({
      photo,
      row,
      path,
      attribute: name,
      region: asked.region,
      sourcePrompt: `a ${who}.`,
      targetPrompt: asked.target(who),
      preserved: new Map([...labels].filter(([label]) => label !== name && !asked.moves.includes(label))),
    });
  }
  if (cases.length < perAttribute)
    throw new InputError(
      "option_invalid",
      `${name}: only ${cases.length} photos from number ${first} on can take it, ${perAttribute} are wanted`,
    );
  return cases;
}

function labelOf(labels: Labels, name: string): boolean {
  const label = labels.get(name);
  if (label === undefined) throw new InputError("option_invalid", `the labels have no column ${name}`);
  return label;
}
