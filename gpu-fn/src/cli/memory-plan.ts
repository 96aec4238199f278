// `npm run plan -- MODEL --gpu GIB`: what a model and an edit need of memory, and how it would be run.

import { Option } from "commander";
import { passesOf } from "../../../shared/presets.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { SOLVERS, type SolverName } from "../../../shared/solvers.ts";
import {
  type Chosen,
  chooseExecution,
  deviceBytes,
  type ExecutionPlan,
  GIB,
  type Job,
  memoryUse,
} from "../device/execution-plan.ts";
import { DEVICES, type Device } from "../device/provider.ts";
import { InputError } from "../errors.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { readManifest } from "../manifest/manifest.ts";
import { projectCommand, runCommand } from "./command.ts";
import { manifestOf } from "./model-manifest.ts";
import { number, positive, whole } from "./numbers.ts";

interface Options {
  readonly device: Device;
  readonly gpu: number;
  readonly host: number;
  readonly steps?: number;
  readonly structuring?: number;
  readonly blocks?: number;
  readonly solver: SolverName;
  readonly coverage: number;
}

const gb = (bytes: number) => (bytes / 1e9).toFixed(2).padStart(9);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Evaluations of the inversion whose V is kept, where it has as many steps as the edit. */
function recordedBy({
  solver,
  steps,
  structuring,
}: {
  solver: SolverName;
  steps: number;
  structuring: number;
}): number {
  const evaluations = (count: number) =>
    count === 0
      ? 0
      : passesOf(scheduleSchema.parse({ steps: count, structuring_steps: 0, solver })).inversion;
  return evaluations(steps) - evaluations(structuring);
}

function sayUse({ execution, use }: Chosen): void {
  const { weights, valueCache, ...others } = use;
  say(`\n${described(execution)}${" ".repeat(8)}GB`);
  const rows = { ...weights, ...others };
  const names: Record<keyof typeof rows, string> = {
    transformer: "transformer's weights",
    t5: "T5's",
    clip: "CLIP's",
    autoencoder: "autoencoder's",
    pasl: "PASL's",
    activations: "intermediate results of an evaluation",
    attention: "attention scores, if nothing fuses them",
    values: "V in and out of an evaluation",
    decoder: "the decoder's feature maps",
    reserved: "driver and libraries",
  };
  for (const [key, bytes] of Object.entries(rows))
    if (bytes > 0) say(`  ${names[key as keyof typeof names].padEnd(44)}${gb(bytes)}`);
  say(`  ${"on the device together".padEnd(44)}${gb(deviceBytes(use))}`);
  say(`  ${"V of the source, in the machine's memory".padEnd(44)}${gb(valueCache)}`);
}

function described({ device, compute, int8, path, blocks }: ExecutionPlan): string {
  return `${device}, ${int8 ? "int8 weights, " : ""}${compute}, V ${path === "cache" ? "cached" : "paired"}, m = ${blocks}`;
}

/** V of an edit by the picture's size and m. */
function sayCache(manifest: Manifest, execution: ExecutionPlan, job: Job): void {
  const most = manifest.flux.config.depth_single_blocks;
  const counts = [...new Set([1, Math.ceil(execution.blocks / 2), execution.blocks, most])];
  const rows = job.coverage
    ? `, were it kept for the ${(100 - 100 * job.coverage).toFixed(0)} % outside of a hard mask alone`
    : "";
  say(`\nV of ${job.recorded} evaluations in GB, by size and m${rows}`);
  say(`  ${"pixels".padEnd(12)}${counts.map((count) => `m = ${count}`.padStart(10)).join("")}`);
  const unit = 2 ** manifest.autoencoder.config.ch_mult.length * 2;
  for (const [height, width] of sizesOf(manifest.resolution, unit)) {
    const sizes = counts.map((blocks) => {
      const use = memoryUse(manifest, { ...execution, path: "cache", blocks }, { ...job, height, width });
      return gb(use.valueCache).padStart(10);
    });
    say(`  ${`${width}×${height}`.padEnd(12)}${sizes.join("")}`);
  }
}

/** The square, one of half its side, and one that is not square. */
function sizesOf(resolution: number, unit: number): [height: number, width: number][] {
  const part = (share: number) => Math.max(unit, Math.round((share * resolution) / unit) * unit);
  return [
    [part(0.5), part(0.5)],
    [resolution, part(0.75)],
    [resolution, resolution],
  ];
}

async function run(model: string, options: Options): Promise<void> {
  const manifest = await readManifest(manifestOf(model));
  const { device, solver, coverage, gpu, host, blocks = manifest.defaults.value_blocks } = options;
  const { steps = manifest.defaults.steps, structuring = manifest.defaults.structuring_steps } = options;
  if (!(blocks <= manifest.flux.config.depth_single_blocks))
    throw new InputError(
      "option_invalid",
      `the model has ${manifest.flux.config.depth_single_blocks} blocks`,
    );
  if (!(structuring <= steps)) throw new InputError("option_invalid", "T must not exceed N");
  const { resolution } = manifest;
  const recorded = recordedBy({ solver, steps, structuring });
  const job: Job = { height: resolution, width: resolution, recorded };
  const asked = { ...manifest, defaults: { ...manifest.defaults, value_blocks: blocks } };
  const memory = { device: (device === "cuda" ? gpu : host) * GIB, host: host * GIB };
  const chosen = chooseExecution(asked, memory, job, { device, int8: true });
  say(`${model}: ${resolution}×${resolution}, ${solver}, N = ${steps}, T = ${structuring}`);
  say(`${device === "cuda" ? `${gpu} GiB on the GPU, ` : ""}${host} GiB of the machine's`);
  const { compute, value_path: path } = manifest.devices[device];
  const preferred: ExecutionPlan = { device, compute, int8: false, path, blocks };
  sayUse(chosen ?? { execution: preferred, use: memoryUse(asked, preferred, job) });
  sayCache(asked, preferred, job);
  if (coverage > 0) sayCache(asked, preferred, { ...job, coverage });
  if (chosen) return say(`\nit runs so: ${described(chosen.execution)}`);
  say("\nit does not fit, not in eight bits either");
  process.exitCode = 1;
}

await runCommand(
  projectCommand("plan", "What a model and an edit need of memory, and how it would be run.")
    .argument("<model>", "flux-dev, flux-schnell, mini, or the path of a manifest.json")
    .addOption(new Option("--device <device>", "where it computes").choices(DEVICES).default("cuda"))
    .option("--gpu <gib>", "the GPU's memory in GiB", positive, 80)
    .option("--host <gib>", "the machine's memory that is free, in GiB", positive, 64)
    .option("--steps <n>", "steps N (default: the model's)", whole(1))
    .option("--structuring <t>", "structuring steps T (default: the model's)", whole(0))
    .option("--blocks <m>", "blocks whose V is fused (default: the model's)", whole(0))
    .addOption(new Option("--solver <name>", "how the passes step").choices(SOLVERS).default("rf-solver-2"))
    .option(
      "--coverage <share>",
      "of the picture that a hard mask edits, 0 to 1: what V outside of it would take",
      number,
      0,
    )
    .addHelpText(
      "after",
      "\nIntermediate results are estimated: the tensors that live at once in the widest layer, doubled.\n" +
        "Exit codes: 0 it fits · 1 it does not · 2 wrong usage",
    )
    .action(run),
);
