// `npm run test:chaos`: random histories of the ledger, then the real parts, killed, stopped, cut off, filled up and set
// to another time at every stage of an edit (infra/checks/chaos/). A whole run renews edge/docs/faults.md.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { bundleDisturbed } from "./bundle.ts";
import { runHistories } from "./histories.ts";
import { enterMounts, mounting } from "./mounts.ts";
import type { Outcome } from "./perform.ts";
import { held, machine, missingFrom, pageOf, type Report, renewed, summaryOf } from "./report.ts";
import { runStories } from "./run.ts";
import { STORIES } from "./stories/all.ts";

const ROOT = join(import.meta.dirname, "../../..");
const RESULTS = join(ROOT, "infra/checks/chaos/results");
const PAGE = join(ROOT, "edge/docs/faults.md");

/** What a stack needs of memory, in bytes, and how many are worth it: they share the machine's cores. */
const STACK_BYTES = 1.8e9;
const LANES_MAX = 6;

const whole = (least: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || value > 2 ** 31 - 1)
    throw new InvalidArgumentError(`a whole number from ${least} to 2147483647`);
  return value;
};

const { seed, only, broken, list, lanes, histories } = new Command("npm run test:chaos --")
  .description("Breaks the running parts at every stage of an edit, and looks at every store afterwards")
  .option("--seed <n>", "number that all chance comes from", whole(0), 1)
  .option("--only <text>", "only stories whose name has this text; nothing is written then")
  .option("--broken", "only what the last report has as broken, or has not; renews it")
  .option("--list", "names the stories and ends")
  .option("--lanes <n>", "stacks side by side; else as many as memory allows, 6 at most", whole(1))
  .option("--histories <n>", "random histories of the ledger; 0 leaves them out", whole(0), 10_000)
  .parse()
  .opts<{
    seed: number;
    only?: string;
    broken?: boolean;
    list?: boolean;
    lanes?: number;
    histories: number;
  }>();

const say = (line: string) => void process.stdout.write(`${line}\n`);
const file = join(RESULTS, "report.json");
const before: Report | null = broken ? JSON.parse(readFileSync(file, "utf8")) : null;
const wanted = (before === null ? STORIES : missingFrom(before, STORIES)).filter(
  ({ name }) => only === undefined || name.includes(only),
);

if (list) {
  for (const { name } of wanted) say(name);
  process.exit(0);
}
if (wanted.length === 0) {
  process.stderr.write(`error: no story is meant by that; --list names them\n`);
  process.exit(2);
}
if (wanted.some(({ kind }) => kind === "disk")) enterMounts();

const ending = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"])
  process.on(name, () => ending.abort(new Error(`ended by ${name}`)));

const begun = Date.now();
const folder = mkdtempSync(join(tmpdir(), "flux-chaos-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const bundle = join(folder, "worker");

function tell({ story, observed, breaches, seconds }: Outcome): void {
  const time = `${seconds.toFixed(1)} s`.padStart(7);
  say(`${breaches.length === 0 ? "held  " : "BROKEN"} ${time}  ${story}: ${observed}`);
  for (const breach of breaches) say(`                  ${breach}`);
  if (breaches.length > 0)
    say(`                  again: npm run test:chaos -- --seed ${seed} --histories 0 --only "${story}"`);
}

async function run(): Promise<Report> {
  const kept =
    only === undefined && histories > (before?.histories?.runs ?? 0)
      ? { runs: histories, held: await runHistories(histories, ending.signal) }
      : null;
  bundleDisturbed(bundle);
  const stories = mounting() === null ? wanted.filter(({ kind }) => kind !== "disk") : wanted;
  if (stories.length < wanted.length) say("full disks are left out: this system lets nobody mount one");
  const outcomes: Outcome[] = [];
  await runStories(stories, {
    bundle,
    folder,
    seed,
    lanes: lanes ?? Math.max(1, Math.min(LANES_MAX, Math.floor(freemem() / STACK_BYTES))),
    logs: RESULTS,
    signal: ending.signal,
    told: (outcome) => {
      tell(outcome);
      outcomes.push(outcome);
      keep(reportOf(kept, outcomes));
    },
    say,
  });
  return reportOf(kept, outcomes);
}

function reportOf(kept: Report["histories"], outcomes: readonly Outcome[]): Report {
  const told: Report = {
    command: broken ? "npm run test:chaos -- --broken" : "npm run test:chaos",
    seed,
    date: new Date(begun).toISOString().slice(0, 10),
    machine: machine(),
    minutes: (Date.now() - begun) / 60_000,
    disk: mounting(),
    histories: kept,
    outcomes,
  };
  return before === null ? told : renewed(before, told);
}

/** After each story, so that a run that is ended can be taken up again by `--broken`. */
function keep(report: Report): void {
  if (only !== undefined) return;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

const report = await run().catch((error: unknown) => {
  if (ending.signal.aborted) process.exit(130);
  process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
if (only === undefined) writeFileSync(PAGE, pageOf(report));
say(summaryOf(report));
process.exit(held(report) ? 0 : 1);
