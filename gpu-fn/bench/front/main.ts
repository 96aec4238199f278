// `npm run bench:front`: quality against evaluations, on the cases of the benchmark of edits.
import { writeFile } from "node:fs/promises";
import { runCommand } from "../../src/cli/command.ts";
import { readManifest } from "../../src/manifest/manifest.ts";
import { openModel } from "../../src/model/model.ts";
import { RENDERER_VERSION } from "../../training/text2mask/render.ts";
import { ATTRIBUTE_SETS } from "../edits/attributes.ts";
import { editCases } from "../edits/cases.ts";
import { openJudge } from "../edits/judge.ts";
import { openProgress } from "../kit/progress.ts";
import { beside, writeSummary } from "../kit/results.ts";
import { frontRows, frontSummary, frontSvg, frontTable } from "./front-table.ts";
import { type Entry, GRID, presetEntries } from "./grid.ts";
import { measureFront, subjectOf } from "./measure-schedules.ts";
import { type FrontOptions, frontCommand } from "./options.ts";
import { openStore } from "./store.ts";

async function bench(options: FrontOptions): Promise<void> {
  const { seed, perAttribute, threads, int8, out, presets } = options;
  const attributes = ATTRIBUTE_SETS[options.attributes] ?? options.attributes.split(",");
  const cases = attributes.flatMap((name) => editCases(name, seed, perAttribute));
  const manifest = await readManifest(options.model);
  const names = { renderer: RENDERER_VERSION, model: `${manifest.id} ${manifest.version}` };
  const subjects = new Set(cases.map(subjectOf));
  const store = await openStore(options.kept, JSON.stringify({ ...names, ...(int8 && { int8 }) }));
  const of = ({ name }: Entry) => store.of(name).filter(({ subject }) => subjects.has(subject));
  const tuning = { int8Arithmetic: int8, ...(threads === undefined ? {} : { threads }) };
  const model = await openModel(manifest, tuning);
  const judge = await openJudge("drawings");
  const progress = openProgress();

  const measure = async (entries: readonly Entry[]) => {
    const left = [...subjects].flatMap((subject) => entries.filter(({ name }) => !store.has(name, subject)));
    progress.expect(left.length);
    try {
      await measureFront({ model, judge, store, tick: progress.tick }, cases, entries);
    } finally {
      progress.stop();
    }
  };
  const write = async (figures: object) => {
    const about = { ...names, int8, seed, per_attribute: perAttribute, edits: cases.length };
    if (out !== undefined) await writeSummary(out, { ...about, ...figures });
  };

  try {
    const entries = presets ? presetEntries(model.manifest.schedule.fast_steps) : GRID;
    await measure(entries);
    const rows = frontRows(entries, of, names);
    process.stdout.write(`${frontTable(rows)}\n`);
    await write({ front: frontSummary(rows) });
    if (out !== undefined && !presets) await writeFile(beside(out, ".svg"), frontSvg(rows));
  } finally {
    await model.release();
  }
}

await runCommand(frontCommand(bench));
