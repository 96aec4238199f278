// `npm run bench:soak`: worker, queue, gateway and Valkey as `npm start` runs them, the GPU stub at the times of an H100,
// several customers with all routes; steady load, a burst of ten times that by one customer, one by all, and after each
// the way back. Exit code 1 where a rule of infra/checks/soak/invariants.ts does not hold.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, platform } from "node:os";
import { dirname } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { bareRuntime } from "./bare.ts";
import { brokenRules } from "./invariants.ts";
import { plotOf } from "./plot.ts";
import { linesOf, tablesOf } from "./report.ts";
import { runSoak } from "./run.ts";
import { phasesOf, type Scenario } from "./scenario.ts";
import { summaryOf } from "./summary.ts";

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("a number above 0");
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("a whole number");
  return value;
}

const command = new Command("bench:soak")
  .description(
    "The whole local system under steady load and bursts, with a stub GPU at real latencies (Linux)",
  )
  .option("--minutes <n>", "steady load", positive, 10)
  .option("--burst <seconds>", "ten times the load, by one customer", whole, 60)
  .option("--rush <seconds>", "ten times the load, by all customers; 0: none", whole, 20)
  .option("--recovery <seconds>", "longest time to wait until the queue is short again", whole, 420)
  .option("--customers <n>", "accounts", positive, 4)
  .option(
    "--fill <n>",
    "requests before it, by which the local runtime's memory finds its size",
    whole,
    40_000,
  )
  .option(
    "--bare",
    "instead of all this, the memory of a worker in the local runtime that answers two letters",
  )
  .option("--out <file>", "write figures as JSON, and beside it the course as SVG")
  .parse();
const given = command.opts<{
  minutes: number;
  burst: number;
  rush: number;
  recovery: number;
  customers: number;
  fill: number;
  bare?: true;
  out?: string;
}>();
if (platform() !== "linux")
  command.error("memory is read from /proc: this runs on Linux alone", { exitCode: 2 });

if (given.bare) {
  for await (const { requests, mb } of bareRuntime(12))
    process.stdout.write(`after ${requests} requests: ${mb.toFixed(0)} MB\n`);
  process.exit(0);
}

const scenario: Scenario = {
  // 28 evaluations at 1024² in 3.03 s, end to end, as published for an H100
  msPerEvaluation: 108,
  maskMs: 150,
  coldStartMs: 20_000,
  fill: given.fill,
  customers: given.customers,
  unfinished: 12,
  deadlineMs: 60_000,
  utilisation: 0.6,
  returns: 3,
  readsAnEdit: 20,
  phases: phasesOf({
    warmUpSeconds: 40,
    steadySeconds: given.minutes * 60,
    burstSeconds: given.burst,
    rushSeconds: given.rush,
    customers: given.customers,
    recoverySeconds: given.recovery,
  }),
};

const run = await runSoak(scenario, (line) => void process.stderr.write(`${line}\n`));
const summary = summaryOf(run);
const broken = brokenRules(run, scenario);
process.stdout.write(`${tablesOf(summary)}\n\n${linesOf(broken)}\n`);
if (given.out !== undefined) {
  const machine = `${cpus().length} cores, no GPU`;
  const figures = { date: new Date().toISOString().slice(0, 10), machine, scenario, ...summary, broken };
  mkdirSync(dirname(given.out), { recursive: true });
  writeFileSync(given.out, `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(given.out.replace(/\.json$/, "").concat(".svg"), plotOf(run));
}
process.exitCode = broken.length === 0 ? 0 : 1;
