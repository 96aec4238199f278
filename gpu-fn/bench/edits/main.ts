// `npm run bench:edits`: edits of held-out portraits, judged against their true counterfactuals.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { SingleBar } from "cli-progress";
import { type Schedule, scheduleSchema } from "../../../shared/schedule.ts";
import { readManifest } from "../../src/manifest.ts";
import { openModel } from "../../src/model.ts";
import { RENDERER_VERSION } from "../../training/text2mask/render.ts";
import { ASKING, editCases } from "./cases.ts";
import { openJudge } from "./judge.ts";
import { attributesOf, readOptions, variantsOf } from "./options.ts";
import { figures, type Names, ROWS, reportOf, table } from "./report.ts";
import { type Judged, judgeCase } from "./run.ts";
import { contactSheet, type SheetRow } from "./sheet.ts";
import type { Variant } from "./variants.ts";

const SHEET_HEADS = ["source", "autoencoder", "mask", "edited", "truth"];
/** Rows of an attribute on the sheet. */
const SHEET_ROWS = 3;

/** Accuracy that the classifier should have on an attribute for its answers to count as evidence. */
const READABLE = 0.97;

const options = readOptions();
const names = attributesOf(options);
const variants = variantsOf(options);
const manifest = await readManifest(options.model);
const model = await openModel(manifest, options.threads === undefined ? {} : { threads: options.threads });
const judge = await openJudge();
const cases = names.flatMap((name) => editCases(name, options.seed, options.perAttribute));

function scheduleFor(attribute?: string, structuringSteps = options.structuring): Schedule {
  const asking = ASKING[attribute ?? ""]?.guidance;
  return scheduleSchema.parse({
    steps: options.steps,
    structuring_steps: structuringSteps,
    guidance: { edit: options.guidance ?? asking?.edit, method: options.method ?? asking?.method },
  });
}

const bar = new SingleBar({ format: "{bar} {value}/{total} edits · {eta_formatted} left · {name}" });
if (process.stderr.isTTY) bar.start(cases.length * variants.length, 0, { name: "" });
const sheet: SheetRow[] = [];
const columns = new Map<string, number>();

async function judgeAll({ name, ablation, structuringSteps }: Variant): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const edit of cases) {
    const schedule = scheduleFor(edit.attribute, structuringSteps);
    const { judged: result, pictures } = await judgeCase(model, judge, edit, schedule, ablation);
    judged.push(result);
    const shown = columns.get(`${name} ${edit.attribute}`) ?? 0;
    columns.set(`${name} ${edit.attribute}`, shown + 1);
    if (shown < SHEET_ROWS && variants.length === 1) {
      const grey = Uint8Array.from({ length: pictures.mask.length * 3 }, (_, i) => {
        return pictures.mask[Math.floor(i / 3)] as number;
      });
      sheet.push({
        title: `${edit.seed} ${edit.targetPrompt}: ${result.edited.found ? "found" : "not found"}`,
        panels: [pictures.source, pictures.nothing, grey, pictures.edited, pictures.truth],
      });
    }
    bar.increment(1, { name: variants.length === 1 ? edit.attribute : `${name}: ${edit.attribute}` });
  }
  return judged;
}

const labels: Names = { renderer: RENDERER_VERSION, model: `${manifest.id} ${manifest.version}` };
const found = new Map<string, Judged[]>();
for (const variant of variants) found.set(variant.name, await judgeAll(variant));
bar.stop();

const published = [...found.values()].at(-1) as Judged[];
const rowOf = (edits: Judged[], row: (typeof ROWS)[number]) => figures(edits, row, labels);
const summary = new Map([
  ["do nothing", rowOf(published, "do_nothing")],
  ["autoencoder only", rowOf(published, "autoencoder_only")],
  ...[...found].map(([name, edits]) => [name, rowOf(edits, "edited")] as const),
  ["truth", rowOf(published, "truth")],
]);
const unsure = Object.entries(judge.accuracy).flatMap(([name, share]) => (share < READABLE ? [name] : []));
const { all, attributes } = reportOf(published, names, "edited", labels);
process.stdout.write(`${table(summary)}\n`);
if (variants.length === 1) process.stdout.write(`\n${table(new Map(Object.entries(attributes)))}\n`);
process.stdout.write(
  `\nclassifier on held-out renders through the autoencoder: ${JSON.stringify(judge.accuracy)}\n` +
    `balanced over yes and no: ${JSON.stringify(judge.balancedAccuracy)}\n` +
    `to be read with care, below ${READABLE}: ${unsure.length === 0 ? "none" : unsure.join(", ")}\n` +
    "identity: cosine of that classifier's penultimate features, of the picture and of the source\n",
);

if (options.out !== undefined) {
  const schedule = scheduleFor();
  const report = {
    model: { id: manifest.id, version: manifest.version },
    renderer: RENDERER_VERSION,
    seed: options.seed,
    identity_by: "cosine of the attribute classifier's penultimate features; no face recogniser",
    asking: Object.fromEntries(Object.entries(ASKING).map(([name, { guidance }]) => [name, guidance])),
    schedule: {
      ...schedule,
      guidance: {
        inversion: schedule.guidance.inversion,
        edit: schedule.guidance.edit ?? manifest.defaults.guidance.edit,
        method: schedule.guidance.method ?? manifest.defaults.guidance.method,
      },
    },
    classifier: { accuracy: judge.accuracy, balanced_accuracy: judge.balancedAccuracy },
    all,
    attributes,
    rows: Object.fromEntries(ROWS.slice(1).map((row) => [row, reportOf(published, names, row, labels)])),
    ...(variants.length > 1
      ? {
          variants: Object.fromEntries(
            [...found].map(([name, edits]) => [name, reportOf(edits, names, "edited", labels)]),
          ),
        }
      : { edits: published }),
  };
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`);
  if (sheet.length > 0)
    await writeFile(
      options.out.replace(/\.json$/, "").concat(".jpg"),
      await contactSheet(sheet, manifest.resolution, SHEET_HEADS, SHEET_ROWS),
    );
}
await model.release();
