// `npm run bench:speed`: one edit with the paper's schedule, and the same evaluations in PyTorch, interleaved.
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { PRESETS } from "../../../shared/presets.ts";
import { ablationSchema } from "../../../shared/schedule.ts";
import { openEngine } from "../../src/engine.ts";
import type { EditRequest } from "../../src/request.ts";
import { startTorch } from "./torch.ts";

const ROOT = join(import.meta.dirname, "../..");

const options = new Command("bench:speed")
  .option("--rounds <n>", "interleaved rounds after one warm-up each", Number, 5)
  .option("--threads <n>", "threads of both sides", Number, Math.min(2, availableParallelism()))
  .option("--python <path>", "Python with torch and safetensors", process.env.PYTHON ?? "python3")
  .option("--model <manifest>", "model to run", join(ROOT, "models/mini/manifest.json"))
  .option("--no-torch", "leave PyTorch out")
  .option("--out <file>", "write the figures as JSON")
  .parse()
  .opts<{ rounds: number; threads: number; python: string; model: string; torch: boolean; out?: string }>();

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const request: EditRequest = {
  photo: { bytes: await readFile(join(ROOT, "examples/portrait-01.png")) },
  prompt: "a person wearing glasses",
  sourcePrompt: "a person.",
  maskOptions: maskOptionsSchema.parse({}),
  schedule: PRESETS.paper,
  ablation: ablationSchema.parse({}),
  composite: "paste-back",
};

const engine = await openEngine(options.model, { threads: options.threads });
const evaluations = 4 * PRESETS.paper.steps;
await engine.edit(request);
const memory = process.resourceUsage().maxRSS / 1024;
const torch = options.torch ? await startTorch(options.python, options.model, options.threads) : null;

const edits: number[] = [];
const transformer: number[] = [];
const reference: number[] = [];
for (let round = 1; round <= options.rounds; round++) {
  const start = performance.now();
  const { timings } = await engine.edit(request);
  edits.push((performance.now() - start) / 1000);
  transformer.push((timings.inversion + timings.edit) / evaluations);
  if (torch !== null) reference.push((await torch.evaluate(evaluations)) / evaluations);
  process.stderr.write(`round ${round} of ${options.rounds}\r`);
}
torch?.close();
await engine.close();

const ratios = reference.map((ms, i) => ms / (transformer[i] as number));
const spread = (values: readonly number[]) =>
  values.length === 0 ? null : { median: median(values), min: Math.min(...values), max: Math.max(...values) };
const figures = {
  machine: `${cpus()[0]?.model ?? "unknown"}, ${options.threads} threads`,
  schedule: PRESETS.paper,
  evaluations,
  edit_seconds: spread(edits),
  ms_per_evaluation: spread(transformer),
  peak_memory_mb: Math.round(memory),
  torch: torch?.version ?? null,
  torch_ms_per_evaluation: spread(reference),
  times_faster_than_torch: spread(ratios),
};
if (options.out !== undefined) await writeFile(options.out, `${JSON.stringify(figures, null, 2)}\n`);

const row = (name: string, value: ReturnType<typeof spread>, unit: string) =>
  value &&
  `${name.padEnd(26)}${value.median.toFixed(2)} ${unit}  (${value.min.toFixed(2)} to ${value.max.toFixed(2)})`;
const lines = [
  `${figures.machine}; N = ${PRESETS.paper.steps}, T = ${PRESETS.paper.structuring_steps}, ${options.rounds} rounds`,
  row("one edit", figures.edit_seconds, "s"),
  `${"evaluations".padEnd(26)}${evaluations}`,
  row("an evaluation", figures.ms_per_evaluation, "ms"),
  row(`an evaluation in torch ${torch ? "" : "—"}`, figures.torch_ms_per_evaluation, "ms"),
  row("times faster than torch", figures.times_faster_than_torch, "×"),
  `${"peak memory".padEnd(26)}${figures.peak_memory_mb} MB`,
];
process.stdout.write(`${lines.filter(Boolean).join("\n")}\n`);
