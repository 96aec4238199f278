/** The edits of a run on photos, with everything they need looked for before the first. */
import { access } from "node:fs/promises";
import { InputError } from "../../../src/errors.ts";
import type { ExportedCase } from "../export.ts";
import { type Album, openAlbum, type PhotoCase, type PhotoRange, photoCases, photoName } from "./cases.ts";
import { readLandmarks } from "./landmarks.ts";
import { maskPath, openPhoto, type PhotoKnowledge } from "./pictures.ts";

/** Which photos, and what is known of them. */
export interface PhotoSelection extends PhotoRange {
  /** Folder of photos, and the file that labels them. */
  readonly photos: string;
  readonly labels: string;
  readonly attributes: readonly string[];
  /** Folder of a parser's masks. */
  readonly masks?: string;
  /** File of five points a photo. */
  readonly landmarks?: string;
}

export interface SelectedPhotos {
  readonly album: Album;
  readonly cases: readonly PhotoCase[];
  readonly knowledge: PhotoKnowledge;
}

/** @throws InputError, one line, if there are too few photos, or masks or landmarks of some are missing */
export async function selectPhotos(selection: PhotoSelection): Promise<SelectedPhotos> {
  const { photos, labels, attributes, masks, landmarks } = selection;
  const album = await openAlbum(photos, labels);
  const cases = attributes.flatMap((name) => photoCases(album, name, selection));
  if (masks !== undefined) await checkMasks(masks, cases);
  const faces = landmarks === undefined ? undefined : await readLandmarks(landmarks);
  const unmarked = cases.filter(({ row }) => faces?.has(row) === false);
  if (unmarked[0] !== undefined)
    throw new InputError(
      "option_invalid",
      `${landmarks}: ${unmarked.length} of ${cases.length} edits have no landmarks, the first of ${unmarked[0].row}`,
    );
  return { album, cases, knowledge: { ...(masks && { masks }), ...(faces && { landmarks: faces }) } };
}

async function checkMasks(folder: string, cases: readonly PhotoCase[]): Promise<void> {
  const paths = [...new Set(cases.map(({ photo, region }) => maskPath(folder, photo, region)))];
  const missing: string[] = [];
  for (const path of paths) await access(path).catch(() => missing.push(path));
  if (missing.length > 0)
    throw new InputError(
      "file_unreadable",
      `${missing.length} of ${paths.length} masks are missing, the first is ${missing[0]}`,
    );
}

/** The cases as `exportCases` writes them: the model's square of each photo, a mask if there is a parser's. */
export async function* openedPhotos(
  { cases, knowledge }: SelectedPhotos,
  resolution: number,
): AsyncGenerator<ExportedCase> {
  for (const edit of cases) yield { edit, pictures: await openPhoto(edit, resolution, knowledge) };
}

/** Labelled photos that the folder has no file of. */
export function missingPhotos({ labels, files }: Album): number {
  return [...labels.keys()].filter((row) => !files.has(photoName(row))).length;
}
