// `npm run plan -- MODEL --gpu GIB`: how much memory a model and an edit need, and how they would run.

import { Option } from "commander";
import { passesOf } from "../../../shared/presets.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { SOLVERS, type SolverName } from "../../../shared/solvers.ts";
import {
  type Chosen,
  chooseExecution,
  type ExecutionPlan,
  GIB,
  type Job,
  leastExecution,
  TURNS,
} from "../device/execution-plan.ts";
import { DEVICES, type Device } from "../device/provider.ts";
import { SESSIONS, type SessionName } from "../device/sizes.ts";
import { InputError } from "../errors.ts";
import { readManifest } from "../manifest/manifest.ts";
import { projectCommand, runCommand } from "./command.ts";
import { gb, say, sayBackground, sayCache } from "./memory-tables.ts";
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

/** Number of inversion evaluations whose V is kept, if the inversion has as many steps as the edit. */
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

const NAMES: Readonly<Record<SessionName, string>> = {
  transformer: "transformer",
  t5: "T5",
  clip: "CLIP",
  encoder: "encoder",
  decoder: "decoder",
  pasl: "PASL",
};

function sayUse({ execution, use }: Chosen): void {
  const turns: readonly string[] = execution.parts === "in turns" ? TURNS : [];
  say(`\n${described(execution)}`);
  say(`  ${"GB".padEnd(34)}${"weights".padStart(9)}${"work".padStart(9)}`);
  for (const name of SESSIONS) {
    const { weights, arena } = use.sessions[name];
    const label = `${NAMES[name]}${turns.includes(name) ? ", in turns" : ""}`;
    if (weights > 0) say(`  ${label.padEnd(34)}${gb(weights)}${gb(arena)}`);
  }
  if (use.reserved > 0) say(`  ${"driver and libraries".padEnd(43)}${gb(use.reserved)}`);
  say(`  ${"on the device at once".padEnd(43)}${gb(use.device)}`);
  say(`  ${"V of the source, on the machine".padEnd(43)}${gb(use.valueCache)}`);
}

const PATHS: Readonly<Record<ExecutionPlan["path"], string>> = {
  cache: "cached",
  paired: "paired",
  background: "cached, K and V of backgrounds too",
};

function described({ device, compute, int8, parts, path, blocks }: ExecutionPlan): string {
  const weights = int8 ? "int8 weights, " : "";
  const turns = parts === "in turns" ? ", parts in turns" : "";
  return `${device}, ${weights}${compute}, V ${PATHS[path]}, m = ${blocks}${turns}`;
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
  say(`${device === "cuda" ? `${gpu} GiB on the GPU, ` : ""}${host} GiB on the machine`);
  const { compute, value_path: path } = manifest.devices[device];
  const preferred: ExecutionPlan = { device, compute, int8: false, parts: "open", path, blocks };
  sayUse(chosen ?? leastExecution(asked, job, { device, int8: true }));
  sayCache(asked, preferred, job);
  if (coverage > 0) sayCache(asked, preferred, { ...job, coverage });
  sayBackground(asked);
  if (chosen) {
    const stored = chosen.execution.int8
      ? `, once they are made: npm run weights -- ${model} --to DIR --int8`
      : "";
    return say(`\nplan: ${described(chosen.execution)}${stored}`);
  }
  say("\nit does not fit, not even in eight bits");
  process.exitCode = 1;
}

await runCommand(
  projectCommand("plan", "Show how much memory a model and an edit need, and how they would run.")
    .argument("<model>", "a model of gpu-fn/models, such as flux-dev, or the path of a manifest.json")
    .addOption(new Option("--device <device>", "device that computes").choices(DEVICES).default("cuda"))
    .option("--gpu <gib>", "the GPU's memory in GiB", positive, 80)
    .option("--host <gib>", "the machine's free memory in GiB", positive, 64)
    .option("--steps <n>", "steps N (default: the model's)", whole(1))
    .option("--structuring <t>", "structuring steps T (default: the model's)", whole(0))
    .option("--blocks <m>", "blocks whose V is fused (default: the model's)", whole(0))
    .addOption(new Option("--solver <name>", "solver of both passes").choices(SOLVERS).default("rf-solver-2"))
    .option(
      "--coverage <share>",
      "share of the picture that a hard mask edits, 0 to 1, for the size of V outside it",
      number,
      0,
    )
    .addHelpText(
      "after",
      "\nWhat sessions work in was measured without a GPU (npm run rehearse:cuda); what driver and libraries take is an\n" +
        "allowance.\n" +
        "Exit codes: 0 it fits · 1 it does not · 2 wrong usage",
    )
    .action(run),
);
