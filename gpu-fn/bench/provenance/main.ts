// `npm run bench:provenance`: which treatments the invisible mark survives, what it costs, and how often it is found by mistake.
import { join } from "node:path";
import { projectCommand, runCommand } from "../../src/cli/command.ts";
import { whole } from "../../src/cli/numbers.ts";
import { openEngine } from "../../src/engine/engine.ts";
import { FALSE_RATE } from "../../src/provenance/watermark/detect.ts";
import { markKeyOf } from "../../src/provenance/watermark/mark.ts";
import { writeSummary } from "../kit/results.ts";
import { type Cost, costOf, costTable } from "./mark-cost.ts";
import { rowsOf, tableOf } from "./mark-table.ts";
import { falseFinds, type Measured, measure } from "./measure-mark.ts";
import { type Case, editedCases, photoCases, renderedCases, renderedPhoto, tinyCase } from "./pictures.ts";

const ROOT = join(import.meta.dirname, "../..");
const MINI = join(ROOT, "models/mini/manifest.json");
const RESULT = join(ROOT, "bench/results/provenance.json");

/** Longer sides of the renders, in pixels. */
const SIZES = [128, 256, 512, 1024, 2048];

/** Portraits of no training set. */
const SEED = 900_000;

interface Options {
  readonly portraits: number;
  readonly edits: number;
  readonly keys: number;
  readonly photos?: string;
  readonly cost?: true;
}

async function* casesOf({ portraits, edits, photos }: Options): AsyncGenerator<Case> {
  if (photos !== undefined) return yield* await photoCases(photos, 1024);
  for (const size of SIZES) for (let i = 0; i < portraits; i++) yield* await renderedCases(SEED + i, size);
  if (edits === 0) return;
  const engine = await openEngine(MINI);
  try {
    for (let i = 1; i <= edits; i++)
      yield* await editedCases(engine, join(ROOT, `examples/portrait-0${i}.png`));
  } finally {
    await engine.close();
  }
}

/** What marking costs, on one portrait of each size. */
async function cost(): Promise<void> {
  const costs: Cost[] = [];
  const key = markKeyOf("the key of the benchmark's costs");
  for (const size of SIZES) {
    // a place too small for any mark
    const cases = await renderedCases(SEED, size);
    for (const one of [...cases, tinyCase(cases)]) costs.push(await costOf(one, key));
  }
  process.stdout.write(`${costTable(costs)}\n`);
}

async function bench(options: Options): Promise<void> {
  if (options.cost === true) return cost();
  const measured: Measured[] = [];
  const seen = new Set<string>();
  for await (const one of casesOf(options)) {
    const key = markKeyOf(`the key of picture ${measured.length} of the benchmark`, measured.length % 256);
    // the longer search takes seconds: the first picture of each row stands for its row
    const name = `${one.group} ${one.region}`;
    measured.push(await measure(one, key, !seen.has(name)));
    seen.add(name);
    process.stderr.write(`${measured.length} ${name}\n`);
  }
  const rows = rowsOf(measured);
  const plain = await Promise.all(
    SIZES.flatMap((size) => [0, 1].map((i) => renderedPhoto(SEED + 1000 + i, size))),
  );
  const unmarked = options.keys === 0 ? null : await falseFinds(plain, options.keys, 1);
  const figures = { false_rate: FALSE_RATE, rows, unmarked };
  if (options.photos === undefined) await writeSummary(RESULT, figures);
  process.stdout.write(`${tableOf(rows)}\n\n`);
  if (unmarked !== null) {
    const { looks, cropped, finds, highest } = unmarked;
    process.stdout.write(
      `unmarked: ${finds} of ${looks} looks found a mark (${cropped} of them through crops too), ` +
        `highest score ${highest.toFixed(2)}\n`,
    );
  }
}

await runCommand(
  projectCommand("bench:provenance", "Measure the invisible mark of results.")
    .option("--portraits <n>", "renders of each size", whole(0), 4)
    .option("--edits <n>", "examples edited by the model, 0 to 8", whole(0, 8), 2)
    .option("--keys <n>", "keys to search for in each of ten unmarked pictures; 0 for none", whole(0), 20)
    .option("--cost", "only the cost of marking; nothing is stored")
    .option("--photos <folder>", "measure these pictures instead; nothing is stored")
    .action(bench),
);
