// `npm run rehearse:full`: the whole of FLUX.1-dev with random weights makes an edit on the processor.
import { rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { manifestOf } from "../../../gpu-fn/src/cli/model-manifest.ts";
import { whole } from "../../../gpu-fn/src/cli/numbers.ts";
import { openEngine } from "../../../gpu-fn/src/engine/engine.ts";
import { encodePhoto } from "../../../gpu-fn/src/image/encode.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { clock } from "../clock.ts";
import { requestOf } from "../drawn-edit.ts";
import { rehearsals } from "../home.ts";
import { randomModel } from "../random-model.ts";
import { followMemory } from "./memory.ts";

/** Side of the photo, in pixels. */
const SIDE = 256;

interface Options {
  readonly blocks?: number;
  readonly threads: number;
}

const say = (line: string) => void process.stderr.write(`${line}\n`);
const gb = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

async function run({ blocks, threads }: Options): Promise<void> {
  const home = join(rehearsals(), "full");
  say("writing random weights, 18 GB for all blocks …");
  const size = { resolution: SIDE, int8: true, ...(blocks === undefined ? {} : { blocks }) };
  const manifest = await randomModel(manifestOf("flux-dev"), join(home, "model"), size);
  const memory = followMemory(() => {
    say(`error: almost no memory is left; this process uses ${gb(memory.most().own)} and ends`);
    process.exit(1);
  });
  try {
    await edit(manifest, threads, join(home, "edited.png"));
    const { own, resident } = memory.most();
    line("peak memory", `${gb(own)}; ${gb(resident)} with mapped files`);
  } finally {
    memory.stop();
    rmSync(join(home, "model"), { recursive: true, force: true });
  }
}

const line = (name: string, value: string) => void process.stdout.write(`${name.padEnd(32)}${value}\n`);

/** @param picture path for the edited photo */
async function edit(manifest: string, threads: number, picture: string): Promise<void> {
  const seconds = clock();
  const engine = await openEngine(manifest, { threads });
  try {
    line("parts open", `${seconds().toFixed(1)} s`);
    const schedule = scheduleSchema.parse({ steps: 1, structuring_steps: 0, solver: "euler" });
    const request = await requestOf({ width: SIDE, height: SIDE, box: SIDE / 2, schedule });
    const { edited, evaluations, timings } = await engine.edit(request, {
      onProgress: ({ phase, step, steps }) => say(`${phase} ${step}/${steps}`),
    });
    line("an edit", `${seconds().toFixed(1)} s, ${evaluations} evaluations`);
    for (const [phase, ms] of Object.entries(timings)) line(`  ${phase}`, `${(ms / 1000).toFixed(1)} s`);
    writeFileSync(picture, await encodePhoto(edited, "png"));
    line("picture", `${edited.width}×${edited.height}, ${picture}`);
  } finally {
    await engine.close();
  }
}

await runCommand(
  projectCommand(
    "rehearse:full",
    "Make an edit at 256² with the whole of FLUX.1-dev, random eight-bit weights, on the processor of a 24 GiB machine.",
  )
    .option(
      "--blocks <n>",
      "maximum number of blocks of each kind, and of T5's layers (default: all)",
      whole(1),
    )
    .option("--threads <n>", "threads of an evaluation", whole(1), availableParallelism())
    .action(run),
);
