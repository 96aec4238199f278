// `npm run bench:soak`: worker, queue, gateway and Valkey as `npm start` runs them, the GPU stub at the times of an H100,
// several customers with all routes; steady load, a burst of ten times that by one customer, one by all, and after each
// the way back. Exit code 1 where a rule of infra/checks/soak/invariants.ts does not hold.
import { writeFile } from "node:fs/promises";
import { cpus, platform } from "node:os";
import sharp from "sharp";
import { writeSummary } from "../../../gpu-fn/bench/kit/results.ts";
import { projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { positive, whole } from "../../../gpu-fn/src/cli/numbers.ts";
import { InputError } from "../../../gpu-fn/src/errors.ts";
import { bareRuntime } from "./bare-runtime.ts";
import { brokenRules } from "./invariants.ts";
import { plotOf } from "./plot.ts";
import { runSoak } from "./run-soak.ts";
import { phasesOf, type Scenario } from "./scenario.ts";
import { linesOf, tablesOf } from "./soak-tables.ts";
import { summaryOf } from "./summary.ts";

interface Options {
  readonly minutes: number;
  readonly burst: number;
  readonly rush: number;
  readonly recovery: number;
  readonly customers: number;
  readonly fill: number;
  readonly bare?: true;
  readonly out?: string;
}

function scenarioOf({ minutes, burst, rush, recovery, customers, fill }: Options): Scenario {
  return {
    // 28 evaluations at 1024² in 3.03 s, end to end, as published for an H100
    msPerEvaluation: 108,
    maskMs: 150,
    coldStartMs: 20_000,
    fill,
    customers,
    unfinished: 12,
    deadlineMs: 60_000,
    utilisation: 0.6,
    returns: 3,
    readsAnEdit: 20,
    phases: phasesOf({
      warmUpSeconds: 40,
      steadySeconds: minutes * 60,
      burstSeconds: burst,
      rushSeconds: rush,
      customers,
      recoverySeconds: recovery,
    }),
  };
}

async function soak(options: Options): Promise<void> {
  if (platform() !== "linux")
    throw new InputError("option_invalid", "memory is read from /proc: this runs on Linux only");
  if (options.bare) {
    for await (const { requests, mb } of bareRuntime(12))
      process.stdout.write(`after ${requests} requests: ${mb.toFixed(0)} MB\n`);
    return;
  }
  const scenario = scenarioOf(options);
  const run = await runSoak(scenario, (line) => void process.stderr.write(`${line}\n`));
  const summary = summaryOf(run);
  const broken = brokenRules(run, scenario);
  process.stdout.write(`${tablesOf(summary)}\n\n${linesOf(broken)}\n`);
  if (options.out !== undefined) {
    const about = { date: new Date().toISOString().slice(0, 10), machine: `${cpus().length} cores, no GPU` };
    await writeSummary(options.out, { ...about, scenario, ...summary, broken });
    // a dot an answer: as vectors that is a hundred times the summary
    const plot = await sharp(Buffer.from(plotOf(run)))
      .webp()
      .toBuffer();
    await writeFile(options.out.replace(/\.json$/, "").concat(".webp"), plot);
  }
  process.exitCode = broken.length === 0 ? 0 : 1;
}

await runCommand(
  projectCommand(
    "bench:soak",
    "Run the whole local system under steady load and bursts, with a stub GPU at real latencies (Linux).",
  )
    .option("--minutes <n>", "minutes of steady load", positive, 10)
    .option("--burst <seconds>", "seconds of ten times the load by one customer", whole(0), 60)
    .option("--rush <seconds>", "seconds of ten times the load by all customers; 0 for none", whole(0), 20)
    .option("--recovery <seconds>", "maximum wait until the queue is short again", whole(0), 420)
    .option("--customers <n>", "accounts", whole(1), 4)
    .option("--fill <n>", "requests beforehand, until the local runtime's memory is stable", whole(0), 40_000)
    .option("--bare", "only measure the memory of the local runtime under a trivial worker")
    .option("--out <file>", "write a summary as JSON, and its plot beside it as WebP")
    .action(soak),
);
