import type { PerceptualMetric } from "../perceptual/metric.ts";
import type { PhotoClassifier } from "./classifier.ts";
import { PHOTO_ROWS, type PhotoFigures, photoFigures, photoReport } from "./photo-figures.ts";
import { missingPhotos, type SelectedPhotos } from "./selection.ts";
import type { JudgedPhoto, PhotoJudges } from "./verdict.ts";

/** The rows of the table: what changes nothing, the autoencoder where an editor has one, every editor. */
export function summaryRows(found: ReadonlyMap<string, readonly JudgedPhoto[]>): Map<string, PhotoFigures> {
  const last = [...found.values()].at(-1) ?? [];
  const rows = new Map([["do nothing", photoFigures(last, "do_nothing")]]);
  const passed = photoFigures(last, "autoencoder_only");
  if (passed.n > 0) rows.set("autoencoder only", passed);
  for (const [name, edits] of found) rows.set(name, photoFigures(edits, "edited"));
  return rows;
}

/** Every editor's figures: all edits, each attribute, and what they are compared with. */
export function editorFigures(
  found: ReadonlyMap<string, readonly JudgedPhoto[]>,
  attributes: readonly string[],
) {
  const of = (edits: readonly JudgedPhoto[]) => {
    const rows = PHOTO_ROWS.slice(1).filter((row) => edits.some((edit) => edit[row] !== undefined));
    return {
      ...photoReport(edits, attributes, "edited"),
      rows: Object.fromEntries(rows.map((row) => [row, photoReport(edits, attributes, row)])),
    };
  };
  return Object.fromEntries([...found].map(([name, edits]) => [name, of(edits)]));
}

/** What has to be said beside the figures: what each network's key is, and what is not judged. */
export function notesOn(
  selected: SelectedPhotos,
  attributes: readonly string[],
  { classifier, metrics }: PhotoJudges,
): string[] {
  const { album, knowledge } = selected;
  const missing = missingPhotos(album);
  return [
    ...keyNotes(metrics),
    knowledge.masks === undefined
      ? "no parser's masks: “outside own mask” is outside the mask that the editor itself located, and has its own keys"
      : "outside: by the parser's masks",
    classifierNote(classifier, attributes),
    ...(missing > 0 ? [`${missing} of ${album.labels.size} labelled photos are not in the folder`] : []),
  ];
}

const keyNotes = (metrics: PerceptualMetric | undefined) =>
  Object.entries(metrics?.keys ?? {}).map(([key, about]) => `${key}: ${about}`);

function classifierNote(classifier: PhotoClassifier | undefined, attributes: readonly string[]): string {
  if (classifier === undefined) return "no classifier: edited, found and preserved are not judged";
  const unread = attributes.filter((name) => !classifier.names.includes(name));
  return unread.length === 0
    ? "edited, found and preserved: by the classifier given"
    : `the classifier does not name ${unread.join(", ")}: edited and preserved leave them out`;
}
