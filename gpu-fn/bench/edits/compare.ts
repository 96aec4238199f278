/** Editors side by side on renders, whose truth and regions are known. */
import type { Model } from "../../src/model/model.ts";
import { RENDERER_VERSION } from "../../training/text2mask/render.ts";
import { editCases } from "./cases.ts";
import { attributesTable, comparisonSummary, comparisonTable, judgeNotes, pastedNote } from "./comparison.ts";
import type { ScheduleFor } from "./editors.ts";
import { drawnCases, exportCases } from "./export.ts";
import { openResults, type ResultsEditor } from "./external.ts";
import { figureT } from "./figure-t.ts";
import { openJudge } from "./judge.ts";
import { type Judged, judgeAll } from "./judge-edits.ts";
import { attributesOf, type BenchOptions } from "./options.ts";
import type { Output } from "./output.ts";
import { openPerceptual } from "./perceptual/metrics.ts";
import { SheetRows } from "./sheet.ts";
import { FIGURES, METHOD, TABLES } from "./tables.ts";

export async function compareOnRenders(
  model: Model,
  options: BenchOptions,
  scheduleFor: ScheduleFor,
  output: Output,
): Promise<void> {
  const { seed, perAttribute, threads, figure } = options;
  const { id, version, resolution } = model.manifest;
  const names = { renderer: RENDERER_VERSION, model: `${id} ${version}` };
  const attributes = attributesOf(options);
  const cases = attributes.flatMap((name) => editCases(name, seed, perAttribute));
  if (options.export !== undefined) {
    const count = await exportCases(options.export, drawnCases(cases, resolution), resolution);
    return output.print(`${count} cases in ${options.export}`);
  }
  const folders: ResultsEditor[] = [];
  for (const folder of options.results) folders.push(await openResults(folder, cases, resolution));
  const comparison = TABLES[options.table ?? ""] ?? FIGURES[figure ?? ""] ?? METHOD;
  const editors = [...folders, ...comparison.editors(model, scheduleFor)];
  const judge = await openJudge("drawings");
  const metrics = await openPerceptual(options, "centre", threads === undefined ? {} : { threads });
  const sheet = new SheetRows(editors.map(({ name }) => name));
  output.expect(cases.length * editors.length);
  const judges = { judge, ...(metrics && { metrics }) };
  const found = await judgeAll(model, judges, cases, editors, (opened, { name }, edited, judged) => {
    output.tick(`${name}: ${judged.attribute}`);
    sheet.add(opened, edited, judged);
  });
  output.stop();
  await metrics?.release();
  const last = [...found.values()].at(-1) as Judged[];
  output.print(comparisonTable(found, names, comparison));
  if (editors.length === 1) output.print(`\n${attributesTable(last, attributes, names)}`);
  const described = Object.entries(metrics?.keys ?? {}).map(([key, what]) => `${key}: ${what}`);
  const notes = [
    pastedNote(found),
    judgeNotes(judge),
    ...folders.flatMap((folder) => folder.notes),
    ...described,
  ];
  output.print(`\n${notes.join("\n")}`);
  const summary = {
    renderer: RENDERER_VERSION,
    identity_by: "cosine of the attribute classifier's penultimate features; no face recogniser",
    classifier: { accuracy: judge.accuracy, balanced_accuracy: judge.balancedAccuracy },
    ...comparisonSummary(found, attributes, names, comparison),
  };
  // the plot is the figure's picture
  if (figure === "T") await output.save(summary, { svg: figureT(found, names) });
  else await output.save(summary, { sheet });
}
