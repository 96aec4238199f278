// `npm run bench:edits`: edits of held-out portraits, judged against their true counterfactuals.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError, Option } from "commander";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { readManifest } from "../../src/manifest.ts";
import { openModel } from "../../src/model.ts";
import { TARGET_ATTRIBUTES } from "../../training/text2mask/counterfactual.ts";
import { RENDERER_VERSION } from "../../training/text2mask/render.ts";
import { ASKING, editCases } from "./cases.ts";
import { openJudge } from "./judge.ts";
import { type Figures, figures, table } from "./report.ts";
import { type Judged, judgeCase } from "./run.ts";
import { contactSheet, type SheetRow } from "./sheet.ts";

const SHEET_ROWS = 6;

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError("it is not a positive number.");
  return value;
}

const options = new Command("bench:edits")
  .description("Edit held-out portraits and judge the results. Training uses no seed below 99000.")
  .requiredOption("--seed <s>", "first of the 100 portraits to choose from", whole)
  .requiredOption("--per-attribute <k>", "edits an attribute", whole)
  .option("--out <file>", "write figures as JSON here, and the contact sheet beside it as .png")
  .option("--attributes <names>", "comma-separated", TARGET_ATTRIBUTES.join(","))
  .option("--guidance <g>", "in place of the manifest's edit guidance", Number)
  .addOption(
    new Option("--method <name>", "how guidance is done, in place of the manifest's").choices([
      "distilled",
      "true",
    ]),
  )
  .option("--structuring <t>", "structuring steps T", Number, 3)
  .option("--steps <n>", "steps N of each pass", whole, 30)
  .option("--threads <n>", "threads of one evaluation", whole)
  .option(
    "--model <manifest>",
    "model to judge",
    join(import.meta.dirname, "../../models/mini/manifest.json"),
  )
  .parse()
  .opts<{
    seed: number;
    perAttribute: number;
    out?: string;
    attributes: string;
    guidance?: number;
    method?: "distilled" | "true";
    structuring: number;
    steps: number;
    threads?: number;
    model: string;
  }>();

const scheduleFor = (attribute?: string) =>
  scheduleSchema.parse({
    steps: options.steps,
    structuring_steps: options.structuring,
    guidance: {
      edit: options.guidance ?? ASKING[attribute ?? ""]?.guidance.edit,
      method: options.method ?? ASKING[attribute ?? ""]?.guidance.method,
    },
  });
const schedule = scheduleFor();
const manifest = await readManifest(options.model);
const model = await openModel(manifest, options.threads === undefined ? {} : { threads: options.threads });
const judge = await openJudge();
const names = options.attributes.split(",");
const cases = names.flatMap((name) => editCases(name, options.seed, options.perAttribute));

const bar = new SingleBar({ format: "{bar} {value}/{total} edits · {eta_formatted} left · {name}" });
if (process.stderr.isTTY) bar.start(cases.length, 0, { name: "" });
const judged: Judged[] = [];
const rows: SheetRow[] = [];
for (const edit of cases) {
  const { judged: result, pictures } = await judgeCase(model, judge, edit, scheduleFor(edit.attribute));
  judged.push(result);
  if (judged.filter(({ attribute }) => attribute === edit.attribute).length <= SHEET_ROWS) {
    const grey = Uint8Array.from({ length: pictures.mask.length * 3 }, (_, i) => {
      return pictures.mask[Math.floor(i / 3)] as number;
    });
    const { source, nothing, edited, truth } = pictures;
    const verdict = result.found.edited ? "found" : "not found";
    rows.push({
      title: `${edit.seed} ${edit.targetPrompt}: ${verdict}`,
      panels: [source, nothing, grey, edited, truth],
    });
  }
  bar.increment(1, { name: edit.attribute });
}
bar.stop();

const byName = new Map<string, Figures>(
  names.map((name) => [name, figures(judged.filter(({ attribute }) => attribute === name))]),
);
const all = figures(judged);
process.stdout.write(`${table(new Map([...byName, ["all", all]]))}\n`);
process.stdout.write(
  `classifier on held-out renders through the autoencoder: ${JSON.stringify(judge.accuracy)}\n`,
);
if (options.out !== undefined) {
  const report = {
    model: { id: manifest.id, version: manifest.version },
    renderer: RENDERER_VERSION,
    seed: options.seed,
    asking: Object.fromEntries(Object.entries(ASKING).map(([name, { guidance }]) => [name, guidance])),
    schedule: {
      ...schedule,
      guidance: {
        inversion: schedule.guidance.inversion,
        edit: schedule.guidance.edit ?? manifest.defaults.guidance.edit,
        method: schedule.guidance.method ?? manifest.defaults.guidance.method,
      },
    },
    classifier: judge.accuracy,
    all,
    attributes: Object.fromEntries(byName),
    edits: judged,
  };
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`);
  const heads = ["source", "autoencoder", "mask", "edited", "truth"];
  const sheet = await contactSheet(rows, manifest.resolution, heads, SHEET_ROWS);
  await writeFile(options.out.replace(/\.json$/, "").concat(".png"), sheet);
}
await model.release();
