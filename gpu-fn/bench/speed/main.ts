// `npm run bench:speed`: edits by every preset, cold, new and again, interleaved with PyTorch on the same weights.
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { Option } from "commander";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { PRESETS, type PresetName, plannedEvaluations, presetsOf } from "../../../shared/presets.ts";
import { projectCommand, runCommand } from "../../src/cli/command.ts";
import { whole } from "../../src/cli/numbers.ts";
import type { EditRequest } from "../../src/edit/request.ts";
import { openEngine } from "../../src/engine/engine.ts";
import { readManifest } from "../../src/manifest/manifest.ts";
import { openModel } from "../../src/model/model.ts";
import { beside, writeSummary } from "../kit/results.ts";
import { type Spread, spreadOf } from "../kit/spread.ts";
import { type TimedEdit, timeEdit } from "./edits.ts";
import { sharesSvg, sharesTable, timeShares } from "./shares.ts";
import { editRows, secondShares, speedSvg, speedTables, type TorchRow } from "./speed-tables.ts";
import { timeTokens } from "./tokens.ts";
import { openTorch, type TorchMode } from "./torch.ts";

const ROOT = join(import.meta.dirname, "../..");
const TOKEN_ROUNDS = 20;
const [PROMPT, OTHER] = ["a person wearing glasses", "a person with a beard"];
const NAMES = Object.keys(PRESETS) as PresetName[];

interface Options {
  readonly rounds: number;
  readonly threads: number;
  readonly python: string;
  readonly model: string;
  readonly torch: boolean;
  readonly int8: boolean;
  readonly shares?: PresetName;
  readonly out?: string;
}

/** Everything timed in the rounds that count. */
interface Timed {
  readonly edits: readonly TimedEdit[];
  /** Milliseconds of an evaluation in PyTorch, one a round. */
  readonly torch: ReadonlyMap<TorchMode, readonly number[]>;
  readonly torchVersion: string | null;
}

const presetsIn = async (model: string) => presetsOf((await readManifest(model)).schedule.fast_steps);

/** Each preset and each mode of PyTorch once a round, so that all see the machine alike; round 0 warms up. */
async function timeRounds({ rounds, threads, int8, python, ...options }: Options): Promise<Timed> {
  const tuning = { threads, int8Arithmetic: int8 };
  const presets = await presetsIn(options.model);
  const photo = { bytes: await readFile(join(ROOT, "examples/portrait-01.png")) };
  const requestOf = (preset: PresetName, prompt: string, inversionScope: string): EditRequest => ({
    photo,
    prompt,
    inversionScope,
    sourcePrompt: "a person.",
    maskOptions: maskOptionsSchema.parse({}),
    schedule: presets[preset],
    composite: "paste-back",
  });
  const edits: TimedEdit[] = [];
  const torch = options.torch ? await openTorch(python, options.model, threads) : null;
  const reference = new Map<TorchMode, number[]>(torch?.modes.map((mode) => [mode, []]));
  const evaluations = plannedEvaluations(PRESETS.paper);
  const engine = await openEngine(options.model, tuning);
  for (let round = 0; round <= rounds; round++) {
    const timed: TimedEdit[] = [];
    for (const preset of NAMES) {
      const scope = `${round} ${preset}`;
      timed.push(await timeEdit(engine, requestOf(preset, PROMPT, scope), preset, "first"));
      timed.push(await timeEdit(engine, requestOf(preset, OTHER, scope), preset, "second"));
      const since = performance.now();
      const fresh = await openEngine(options.model, tuning);
      timed.push(await timeEdit(fresh, requestOf(preset, PROMPT, scope), preset, "cold", since));
      await fresh.close();
    }
    for (const [mode, times] of reference) {
      const ms = ((await torch?.evaluate(mode, evaluations)) ?? Number.NaN) / evaluations;
      if (round > 0) times.push(ms);
    }
    if (round > 0) edits.push(...timed);
    process.stderr.write(`round ${round} of ${rounds}\r`);
  }
  torch?.close();
  await engine.close();
  return { edits, torch: reference, torchVersion: torch?.version ?? null };
}

const machineOf = ({ threads, int8 }: Options) =>
  `${cpus()[0]?.model ?? "unknown"}, ${threads} threads${int8 ? ", int8" : ""}`;

/** Edits that compute their mask alone, by one preset. */
async function benchShares(preset: PresetName, options: Options): Promise<void> {
  const { rounds, threads, int8, out } = options;
  const engine = await openEngine(options.model, { threads, int8Arithmetic: int8 });
  const photo = await readFile(join(ROOT, "examples/portrait-01.png"));
  const shares = await timeShares(engine, photo, (await presetsIn(options.model))[preset], rounds);
  await engine.close();
  const machine = machineOf(options);
  process.stdout.write(
    `${machine}; ${preset}, ${rounds} rounds, median (least to most)\n\n${sharesTable(shares)}\n`,
  );
  if (out === undefined) return;
  await writeSummary(out, { machine, preset, rounds, of: "a first edit by the value path cache", shares });
  await writeFile(beside(out, ".svg"), sharesSvg(shares));
}

async function bench(options: Options): Promise<void> {
  const { rounds, threads, int8, shares, out } = options;
  if (shares !== undefined) return benchShares(shares, options);
  const { edits, torch, torchVersion } = await timeRounds(options);
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  const model = await openModel(await readManifest(options.model), { threads, int8Arithmetic: int8 });
  const tokens = await timeTokens(model, TOKEN_ROUNDS);
  await model.release();

  const own = edits.filter(({ preset, time }) => preset === "paper" && time === "first");
  const others: TorchRow[] = [...torch].map(([mode, times]) => ({
    mode,
    ms_per_evaluation: spreadOf(times) as Spread,
    times_as_long: spreadOf(times.map((ms, i) => ms / (own[i]?.msPerEvaluation ?? Number.NaN))) as Spread,
  }));
  const machine = machineOf(options);
  process.stdout.write(`${machine}; ${rounds} rounds, median (least to most); at most ${memory} MB\n\n`);
  process.stdout.write(`${speedTables(edits, others, tokens)}\n`);
  if (out === undefined) return;
  await writeSummary(out, {
    machine,
    rounds,
    edits: editRows(edits),
    second_of_first: secondShares(edits),
    torch: torchVersion,
    others,
    tokens,
    peak_memory_mb: memory,
  });
  await writeFile(beside(out, ".svg"), speedSvg(edits, tokens));
}

await runCommand(
  projectCommand("bench:speed", "Time edits and evaluations, interleaved with PyTorch on the same weights.")
    .option("--rounds <n>", "interleaved rounds after one to warm up", whole(1), 5)
    .option("--threads <n>", "threads of both sides", whole(1), Math.min(2, availableParallelism()))
    .option("--python <path>", "Python with torch and safetensors", process.env.PYTHON ?? "python3")
    .option("--model <manifest>", "model to run", join(ROOT, "models/mini/manifest.json"))
    .option("--int8", "eight-bit integers in the engine's linear layers", false)
    .option("--no-torch", "leave PyTorch out")
    .addOption(
      new Option(
        "--shares <preset>",
        "edits that compute their mask alone instead, over its share of the picture",
      ).choices(NAMES),
    )
    .option("--out <file>", "write a summary as JSON here, and the plot beside it as .svg")
    .action(bench),
);
