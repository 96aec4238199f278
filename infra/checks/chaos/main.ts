// `npm run test:chaos`: random histories of the ledger, then the real parts, killed, stopped, cut off, filled up and set
// to another time at every stage of an edit (infra/checks/chaos/). A whole run renews edge/docs/faults.md.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { complain, projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { whole } from "../../../gpu-fn/src/cli/numbers.ts";
import { InputError } from "../../../gpu-fn/src/errors.ts";
import { bundleDisturbed } from "./bundle.ts";
import { held, machine, missingFrom, pageOf, type Report, renewed, summaryOf } from "./faults-page.ts";
import { enterMounts, mounting } from "./mounts.ts";
import type { Outcome } from "./perform-story.ts";
import { runHistories } from "./run-histories.ts";
import { runStories } from "./run-stories.ts";
import { STORIES } from "./stories/all.ts";

const ROOT = join(import.meta.dirname, "../../..");
/** The last report, story by story, and the logs of broken ones: for debugging on this machine. */
const KEPT = join(ROOT, ".state/chaos");
const PAGE = join(ROOT, "edge/docs/faults.md");

/** Memory that a stack needs, in bytes, and the useful maximum of stacks: they share the machine's cores. */
const STACK_BYTES = 1.8e9;
const LANES_MAX = 6;

const SEED_MAX = 2 ** 31 - 1;

interface Options {
  readonly seed: number;
  readonly only?: string;
  readonly broken?: boolean;
  readonly list?: boolean;
  readonly lanes?: number;
  readonly histories: number;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);
const file = join(KEPT, "report.json");

function lastReport(): Report {
  if (!existsSync(file))
    throw new InputError(
      "option_invalid",
      "--broken needs the report of a whole run: npm run test:chaos first",
    );
  return JSON.parse(readFileSync(file, "utf8"));
}

function sayOutcome({ story, observed, breaches, seconds }: Outcome, seed: number): void {
  const time = `${seconds.toFixed(1)} s`.padStart(7);
  say(`${breaches.length === 0 ? "held  " : "BROKEN"} ${time}  ${story}: ${observed}`);
  for (const breach of breaches) say(`                  ${breach}`);
  if (breaches.length > 0)
    say(`                  again: npm run test:chaos -- --seed ${seed} --histories 0 --only "${story}"`);
}

async function chaos({ seed, only, broken, list, lanes, histories }: Options): Promise<void> {
  const before = broken ? lastReport() : null;
  const meant = (before === null ? STORIES : missingFrom(before, STORIES)).filter(
    ({ name }) => only === undefined || name.includes(only),
  );
  if (list) return say(meant.map(({ name }) => name).join("\n"));
  if (meant.length === 0) throw new InputError("option_invalid", "no story matches; --list shows all");
  if (meant.some(({ kind }) => kind === "disk")) enterMounts();

  const ending = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"])
    process.on(name, () => ending.abort(new Error(`ended by ${name}`)));
  const begun = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "flux-chaos-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const bundle = join(folder, "worker");

  const reportOf = (kept: Report["histories"], outcomes: readonly Outcome[]): Report => {
    const found: Report = {
      command: broken ? "npm run test:chaos -- --broken" : "npm run test:chaos",
      seed,
      date: new Date(begun).toISOString().slice(0, 10),
      machine: machine(),
      minutes: (Date.now() - begun) / 60_000,
      disk: mounting(),
      histories: kept,
      outcomes,
    };
    return before === null ? found : renewed(before, found);
  };
  /** After each story, so that `--broken` can resume an interrupted run. */
  const keep = (report: Report) => {
    if (only !== undefined) return;
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  };

  const run = async () => {
    const kept =
      only === undefined && histories > (before?.histories?.runs ?? 0)
        ? { runs: histories, held: await runHistories(histories, ending.signal) }
        : null;
    bundleDisturbed(bundle);
    const stories = mounting() === null ? meant.filter(({ kind }) => kind !== "disk") : meant;
    if (stories.length < meant.length) say("full disks are left out: this system lets nobody mount one");
    const outcomes: Outcome[] = [];
    await runStories(stories, {
      bundle,
      folder,
      seed,
      lanes: lanes ?? Math.max(1, Math.min(LANES_MAX, Math.floor(freemem() / STACK_BYTES))),
      logs: KEPT,
      signal: ending.signal,
      onOutcome: (outcome) => {
        sayOutcome(outcome, seed);
        outcomes.push(outcome);
        keep(reportOf(kept, outcomes));
      },
      say,
    });
    return reportOf(kept, outcomes);
  };

  const report = await run().catch((error: unknown) => {
    if (ending.signal.aborted) process.exit(130);
    complain(error);
    return process.exit(); // parts of a broken stack may still hold this process
  });
  if (only === undefined) writeFileSync(PAGE, pageOf(report));
  say(summaryOf(report));
  process.exit(held(report) ? 0 : 1);
}

await runCommand(
  projectCommand("test:chaos", "Break the running parts at every stage of an edit, then check every store.")
    .option("--seed <n>", "seed of all randomness", whole(0, SEED_MAX), 1)
    .option("--only <text>", "only stories whose name contains this text; writes no report")
    .option("--broken", "only stories that are broken or missing in the last report; updates it")
    .option("--list", "list the stories")
    .option("--lanes <n>", "stacks in parallel (default: as many as memory allows, at most 6)", whole(1))
    .option("--histories <n>", "random histories of the ledger; 0 for none", whole(0), 10_000)
    .action(chaos),
);
