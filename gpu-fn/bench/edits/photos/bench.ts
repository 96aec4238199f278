/** The benchmark of edits on a folder of labelled photos: the paper's CelebA-Edit, where the user has CelebA-HQ. */
import type { Schedule } from "../../../../shared/schedule.ts";
import { InputError } from "../../../src/errors.ts";
import type { Model } from "../../../src/model/model.ts";
import { openResults, type ResultsEditor } from "../external.ts";
import { openPerceptual, type PerceptualFiles } from "../perceptual/metrics.ts";
import type { StudyReport } from "../study.ts";
import { openClassifier } from "./classifier.ts";
import { methodOnPhotos, type PhotoEditor } from "./editor.ts";
import { judgeEach } from "./judge-photos.ts";
import { photoTable } from "./photo-figures.ts";
import { missingPhotos, type PhotoSelection, type SelectedPhotos, selectPhotos } from "./selection.ts";
import { editorFigures, notesOn, summaryRows } from "./summary.ts";
import type { PhotoJudges } from "./verdict.ts";

export interface PhotoBenchOptions extends PhotoSelection {
  /** ONNX file of a classifier of CelebA's attributes; its description lies beside it as JSON. */
  readonly classifier?: string;
  readonly perceptual: PerceptualFiles;
  /** Folders of other editors' pictures, a row each. */
  readonly results: readonly string[];
  /** Whether this method edits too; false judges the folders alone. */
  readonly edit: boolean;
  readonly threads?: number;
  schedule(attribute: string): Schedule;
  /** How many edits are coming; then `tick` after each. */
  expect(units: number): void;
  tick(label: string): void;
}

/**
 * Edits labelled photos, or takes other editors' pictures of them, and judges them as Table 1 does as far as the user
 * has the networks for it.
 * @throws InputError, WeightsError: one line, before the first edit wherever it can be known
 */
export async function photoBench(model: Model, options: PhotoBenchOptions): Promise<StudyReport> {
  const selected = await selectPhotos(options);
  const { cases, album, knowledge } = selected;
  const { attributes, first, perAttribute } = options;
  const { resolution } = model.manifest;
  const folders: ResultsEditor[] = [];
  for (const folder of options.results) folders.push(await openResults(folder, cases, resolution));
  const editors = [...folders, ...(options.edit ? [methodOnPhotos(model, options.schedule)] : [])];
  checkNames(editors);
  const judges = await openJudges(options, selected);
  const { metrics, classifier } = judges;

  options.expect(cases.length * editors.length);
  const { found, sheet } = await judgeEach(editors, selected, judges, resolution, options.tick);
  await metrics?.release();
  await classifier?.release();
  return {
    title: `Edits of photos: ${perAttribute} for each of ${attributes.length} attributes`,
    ...photoTable(summaryRows(found)),
    notes: [...notesOn(selected, attributes, judges), ...folders.flatMap(({ notes }) => notes)],
    figures: {
      first,
      per_attribute: perAttribute,
      photos: { labelled: album.labels.size, missing: missingPhotos(album) },
      region: knowledge.masks === undefined ? "located" : "parser",
      perceptual: metrics?.keys ?? {},
      classifier: classifier?.names ?? null,
      editors: editorFigures(found, attributes),
    },
    sheet: { heads: ["source", "mask", ...editors.map(({ name }) => name)], rows: sheet },
  };
}

function checkNames(editors: readonly PhotoEditor[]): void {
  const names = editors.map(({ name }) => name);
  if (names.length === 0)
    throw new InputError("option_invalid", "there is nothing to judge: no results, and no edits");
  if (new Set(names).size < names.length)
    throw new InputError("option_invalid", `two editors have one name: ${names.join(", ")}`);
}

async function openJudges(options: PhotoBenchOptions, { knowledge }: SelectedPhotos): Promise<PhotoJudges> {
  const session = options.threads === undefined ? {} : { threads: options.threads };
  const alignment = knowledge.landmarks === undefined ? "centre" : "five_points";
  const metrics = await openPerceptual(options.perceptual, alignment, session);
  const classifier = options.classifier ? await openClassifier(options.classifier, session) : undefined;
  return { ...(classifier && { classifier }), ...(metrics && { metrics }) };
}
