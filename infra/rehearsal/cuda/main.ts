// `npm run rehearse:cuda`: FLUX starts and edits with ONNX Runtime's real CUDA provider on a machine without a GPU.
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { prepare } from "./prepare.ts";
import { type Case, coldStartFaults, placementFaults, rehearse } from "./rehearse.ts";
import { tableOf } from "./table.ts";

/** Cards by the memory that nvidia-smi reports. */
const CASES: readonly Case[] = [
  { model: "flux-dev", gib: 79.6, resolution: 1024, int8: false, manySizes: true },
  { model: "flux-dev", gib: 45, resolution: 1024, int8: false },
  { model: "flux-dev", gib: 45, resolution: 512, int8: false },
  { model: "flux-dev", gib: 45, resolution: 512, int8: false, background: true },
  { model: "flux-dev", gib: 40, resolution: 768, int8: false },
  { model: "flux-dev", gib: 24, resolution: 1024, int8: true },
  { model: "flux-dev", gib: 24, resolution: 512, int8: true },
  { model: "flux-schnell", gib: 79.6, resolution: 1024, int8: false },
  // too small for any execution plan: refused with a reason before anything is loaded
  { model: "flux-dev", gib: 24, resolution: 1024, int8: false },
];

const say = (line: string) => void process.stderr.write(`${line}\n`);

function card(text: string): number {
  const gib = Number(text);
  if (!(gib > 0)) throw new InvalidArgumentError("give the memory of a card in GiB");
  return gib;
}

async function run({ gpu }: { readonly gpu?: number }): Promise<void> {
  const stage = prepare(say);
  const misplaced = await placementFaults(stage);
  process.stdout.write(
    `on the processor: ${misplaced.length === 0 ? "only sizes" : `WRONG: ${misplaced.join("; ")}`}\n`,
  );
  const disorder = await coldStartFaults(stage);
  process.stdout.write(
    `cold start: ${disorder.length === 0 ? "an early edit got a loading event, then its result" : `WRONG: ${disorder.join("; ")}`}\n\n`,
  );
  let failed = misplaced.length + disorder.length;
  const cases = CASES.filter(({ gib }) => gpu === undefined || gib === gpu);
  for (const each of cases) {
    say(
      `${each.model}, ${each.gib} GiB, ${each.resolution}²${each.int8 ? ", int8" : ""}${each.background ? ", background" : ""} …`,
    );
    const rehearsed = await rehearse(stage, each);
    process.stdout.write(`${tableOf(each, rehearsed)}\n\n`);
    failed += rehearsed.faults.length;
  }
  process.stdout.write(`${cases.length} starts rehearsed, ${failed} faults\n`);
  if (failed > 0) process.exitCode = 1;
}

await runCommand(
  projectCommand(
    "rehearse:cuda",
    "FLUX with ONNX Runtime's CUDA provider without a GPU: placement, memory and copies are real, results and speed are not.",
  )
    .option("--gpu <gib>", "only cards with so much memory", card)
    .addHelpText("after", `\nWhat it shows: ${join("infra", "rehearsal", "README.md")}`)
    .action(run),
);
