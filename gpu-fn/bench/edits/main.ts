// `npm run bench:edits`: edits of held-out portraits, judged against their true counterfactuals.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { SingleBar } from "cli-progress";
import { type Schedule, scheduleSchema } from "../../../shared/schedule.ts";
import { InputError, WeightsError } from "../../src/errors.ts";
import { readManifest } from "../../src/manifest.ts";
import { openModel } from "../../src/model.ts";
import { RENDERER_VERSION } from "../../training/text2mask/render.ts";
import { openPerceptual } from "../perceptual/metrics.ts";
import { photoAttributesOf } from "../photos/attributes.ts";
import { photoBench } from "../photos/bench.ts";
import { openedPhotos, selectPhotos } from "../photos/selection.ts";
import { STUDIES } from "../studies/studies.ts";
import { editCases } from "./cases.ts";
import { attributesTable, comparisonReport, comparisonTable, judgeNotes, pastedNote } from "./comparison.ts";
import { drawnCases, exportCases } from "./export.ts";
import { openResults, type ResultsEditor } from "./external.ts";
import { figureT } from "./figure-t.ts";
import { openJudge } from "./judge.ts";
import { attributesOf, readOptions } from "./options.ts";
import { type Judged, judgeAll } from "./run.ts";
import { caseRow, contactSheet, SHEET_HEADS, type SheetRow } from "./sheet.ts";
import type { StudyReport } from "./study.ts";
import { FIGURES, METHOD, TABLES } from "./tables.ts";

/** Rows of an attribute on the contact sheet. */
const SHEET_ROWS = 3;

const options = readOptions();
const { seed, perAttribute, threads, figure, table: asked } = options;
const session = threads === undefined ? {} : { threads };
const manifest = await openLoudly(readManifest(options.model));
const model = await openLoudly(openModel(manifest, session));
const bar = new SingleBar({ format: "{bar} {value}/{total} · {eta_formatted} left · {label}" });
const expect = (units: number) => process.stderr.isTTY && bar.start(units, 0, { label: "" });
const tick = (label: string) => bar.increment(1, { label });
const names = { renderer: RENDERER_VERSION, model: `${manifest.id} ${manifest.version}` };

/** What a person got wrong ends the run in one line. */
function openLoudly<T>(opening: Promise<T>): Promise<T> {
  return opening.catch((error: unknown) => {
    const expected =
      error instanceof InputError || error instanceof WeightsError || error instanceof RangeError;
    if (!expected) throw error;
    bar.stop();
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  });
}

function scheduleFor(_attribute: string, structuringSteps = options.structuring): Schedule {
  return scheduleSchema.parse({
    steps: options.steps,
    structuring_steps: structuringSteps,
    guidance: { edit: options.guidance, method: options.method },
  });
}

const facts = {
  model: { id: manifest.id, version: manifest.version },
  seed,
  per_attribute: perAttribute,
  schedule: scheduleFor(""),
  guidance: { ...manifest.defaults.guidance, ...(options.guidance && { edit: options.guidance }) },
};

async function save(report: object, sheet: readonly SheetRow[], heads: readonly string[], perColumn: number) {
  if (options.out === undefined) return;
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, `${JSON.stringify({ ...facts, ...report }, null, 2)}\n`);
  if (sheet.length > 0)
    await writeFile(beside(".jpg"), await contactSheet(sheet, manifest.resolution, heads, perColumn));
}

/** The name of --out with another ending. */
const beside = (ending: string) => (options.out ?? "").replace(/\.json$/, "").concat(ending);

function show({ title, columns, rows, notes }: StudyReport): void {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const ruler = columns.map((_, i) => (i === 0 ? "---" : "---:"));
  process.stdout.write(
    `${title}\n\n${[columns, ruler, ...rows].map(line).join("\n")}\n\n${notes.join("\n")}\n`,
  );
}

async function keep(report: StudyReport, facts: object): Promise<void> {
  bar.stop();
  show(report);
  const { heads = [], rows = [] } = report.sheet ?? {};
  await save({ ...facts, figures: report.figures }, rows, heads, rows.length);
}

/** Editors side by side on renders. */
async function compare(): Promise<void> {
  const attributes = attributesOf(options);
  const cases = attributes.flatMap((name) => editCases(name, seed, perAttribute));
  if (options.export !== undefined) {
    const count = await exportCases(
      options.export,
      drawnCases(cases, manifest.resolution),
      manifest.resolution,
    );
    process.stdout.write(`${count} cases in ${options.export}\n`);
    return;
  }
  const folders: ResultsEditor[] = [];
  for (const folder of options.results) folders.push(await openResults(folder, cases, manifest.resolution));
  const comparison = TABLES[asked ?? ""] ?? FIGURES[figure ?? ""] ?? METHOD;
  const editors = [...folders, ...comparison.editors(model, scheduleFor)];
  const judge = await openJudge();
  const metrics = await openPerceptual(options, "centre", session);
  const sheet: SheetRow[] = [];
  const shown = new Map<string, number>();
  expect(cases.length * editors.length);
  const judges = { judge, ...(metrics && { metrics }) };
  const found = await judgeAll(model, judges, cases, editors, (opened, { name }, edited, judged) => {
    tick(`${name}: ${judged.attribute}`);
    const rows = shown.get(judged.attribute) ?? 0;
    shown.set(judged.attribute, rows + 1);
    if (editors.length === 1 && rows < SHEET_ROWS) sheet.push(caseRow(opened, edited, judged));
  });
  bar.stop();
  await metrics?.release();
  const last = [...found.values()].at(-1) as Judged[];
  process.stdout.write(`${comparisonTable(found, names)}\n`);
  if (editors.length === 1) process.stdout.write(`\n${attributesTable(last, attributes, names)}\n`);
  const notes = [
    ...folders.flatMap((folder) => folder.notes),
    ...Object.entries(metrics?.keys ?? {}).map((key) => key.join(": ")),
  ];
  process.stdout.write(`\n${[pastedNote(last), judgeNotes(judge), ...notes].join("\n")}\n`);
  const about = {
    renderer: RENDERER_VERSION,
    identity_by: "cosine of the attribute classifier's penultimate features; no face recogniser",
    classifier: { accuracy: judge.accuracy, balanced_accuracy: judge.balancedAccuracy },
  };
  await save({ ...about, ...comparisonReport(found, attributes, names) }, sheet, SHEET_HEADS, SHEET_ROWS);
  if (figure === "T" && options.out !== undefined) await writeFile(beside(".svg"), figureT(found, names));
}

/** The same on a folder of photos. */
async function photos(folder: string, labels: string): Promise<void> {
  const { masks, landmarks, classifier, results } = options;
  const selection = {
    photos: folder,
    labels,
    attributes: photoAttributesOf(options.attributes),
    first: seed,
    perAttribute,
    ...(masks !== undefined && { masks }),
    ...(landmarks !== undefined && { landmarks }),
  };
  if (options.export !== undefined) {
    const opened = openedPhotos(await selectPhotos(selection), manifest.resolution);
    const count = await exportCases(options.export, opened, manifest.resolution);
    process.stdout.write(`${count} cases in ${options.export}\n`);
    return;
  }
  const report = await photoBench(model, {
    ...selection,
    ...(classifier !== undefined && { classifier }),
    ...(threads !== undefined && { threads }),
    perceptual: options,
    results,
    edit: true,
    schedule: scheduleFor,
    expect,
    tick,
  });
  await keep(report, { study: "photos" });
}

async function run(): Promise<void> {
  const study = STUDIES.find(({ name }) => name === asked);
  if (options.photos !== undefined && options.labels !== undefined)
    return photos(options.photos, options.labels);
  if (study === undefined) return compare();
  const bench = { model, judge: await openJudge(), seed, perAttribute, schedule: scheduleFor, expect, tick };
  await keep(await study.run(bench), { study: study.name, renderer: RENDERER_VERSION });
}

await openLoudly(run());
await model.release();
