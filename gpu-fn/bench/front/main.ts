// `npm run bench:front`: quality against evaluations, on the cases of the benchmark of edits.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SingleBar } from "cli-progress";
import { Command } from "commander";
import { InputError, WeightsError } from "../../src/errors.ts";
import { readManifest } from "../../src/manifest.ts";
import { openModel } from "../../src/model.ts";
import { RENDERER_VERSION } from "../../training/text2mask/render.ts";
import { ATTRIBUTE_SETS } from "../edits/attributes.ts";
import { editCases } from "../edits/cases.ts";
import { openJudge } from "../edits/judge.ts";
import { GRID, PRESET_ENTRIES } from "./grid.ts";
import { measureFront } from "./measure.ts";
import { frontRows, frontSvg, frontTable } from "./report.ts";
import { openStore } from "./store.ts";

interface Options {
  readonly seed: number;
  readonly perAttribute: number;
  readonly attributes: string;
  readonly presets?: boolean;
  readonly kept?: string;
  readonly out?: string;
  readonly threads?: number;
  readonly int8?: boolean;
  readonly model: string;
}

const options = new Command("bench:front")
  .description(
    "Edit the benchmark's portraits by many schedules and say what each loses of the paper's quality.",
  )
  .requiredOption("--seed <s>", "first of the portraits; schedules are chosen on 99000 and up", Number)
  .requiredOption("--per-attribute <k>", "edits an attribute", Number)
  .option("--attributes <names>", "comma-separated, or a set", "celeba")
  .option("--presets", "the presets alone instead of the grid")
  .option("--kept <file>", "keep every verdict here; a run that was ended goes on from it")
  .option("--out <file>", "write the figures as JSON here, and beside it the plot as .svg")
  .option("--threads <n>", "threads of one evaluation", Number)
  .option("--int8", "eight-bit integers in the transformer's linear layers")
  .option(
    "--model <manifest>",
    "model to judge",
    join(import.meta.dirname, "../../models/mini/manifest.json"),
  )
  .parse()
  .opts<Options>();

async function main(): Promise<void> {
  const { seed, perAttribute, threads, int8 = false, out } = options;
  const attributes = ATTRIBUTE_SETS[options.attributes] ?? options.attributes.split(",");
  const cases = attributes.flatMap((name) => editCases(name, seed, perAttribute));
  const entries = options.presets ? PRESET_ENTRIES : GRID;
  const manifest = await readManifest(options.model);
  const names = { renderer: RENDERER_VERSION, model: `${manifest.id} ${manifest.version}` };
  const subjects = new Set(cases.map(({ attribute, seed }) => `${attribute} ${seed}`));
  const store = await openStore(options.kept, JSON.stringify({ ...names, ...(int8 && { int8 }) }));
  const tuning = { int8Arithmetic: int8, ...(threads === undefined ? {} : { threads }) };
  const model = await openModel(manifest, tuning);
  const bar = new SingleBar({ format: "{bar} {value}/{total} · {eta_formatted} left · {label}" });
  const left = [...subjects].flatMap((subject) => entries.filter(({ name }) => !store.has(name, subject)));
  if (process.stderr.isTTY) bar.start(left.length, 0, { label: "" });
  try {
    await measureFront(model, await openJudge(), cases, entries, store, (label) =>
      bar.increment(1, { label }),
    );
  } finally {
    bar.stop();
    await model.release();
  }
  const rows = frontRows(
    entries,
    ({ name }) => store.of(name).filter((edit) => subjects.has(`${edit.attribute} ${edit.seed}`)),
    names,
  );
  process.stdout.write(`${frontTable(rows)}\n`);
  if (out === undefined) return;
  const front = rows.map(({ entry: { family: _, ...entry }, ...rest }) => ({ ...entry, ...rest }));
  const report = { ...names, int8, seed, per_attribute: perAttribute, edits: cases.length, front };
  await writeFile(out, `${JSON.stringify(report, null, 2)}\n`);
  if (!options.presets) await writeFile(out.replace(/(\.json)?$/, ".svg"), frontSvg(rows));
}

try {
  await main();
} catch (error) {
  // What a person got wrong ends the run in one line.
  if (!(error instanceof InputError || error instanceof WeightsError || error instanceof RangeError))
    throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
