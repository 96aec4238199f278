// `npm run bench:scale`: one account at thousands of edits a minute, in the account's own object and SQLite as the runtime
// has them, under a clock that jumps. Prints what an edit writes, reads, sends and costs, and where the next wall is.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import type { Outcome } from "../../../edge/test/scale/order.ts";
import { writeSummary } from "../../../gpu-fn/bench/kit/results.ts";
import { projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { positive, whole } from "../../../gpu-fn/src/cli/numbers.ts";
import { type Cost, costOf } from "./cost.ts";

const ROOT = join(import.meta.dirname, "../../..");
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");

/** Maximum number of consumers that the platform runs for one queue. */
const CONSUMERS = 250;

/** GPUs beyond those that the rate needs on average. */
const SPARE = 1.1;

interface Options {
  readonly rate: readonly number[];
  readonly minutes: number;
  readonly gpuMs: number;
  readonly statements?: true;
  readonly out?: string;
}

const SECRET = "of-the-scale-simulation-0123456789";

/** Variables of the worker: all of its outgoing calls end in the simulation. */
const VARS = {
  PUBLIC_URL: "https://edge.scale",
  MODEL: "mini",
  SIGNING_SECRET: SECRET,
  GPU_URL: "https://gpu.scale",
  GPU_SECRET: SECRET,
  UPSTASH_REDIS_REST_URL: "https://upstash.scale",
  UPSTASH_REDIS_REST_TOKEN: "scale",
  STRIPE_SECRET_KEY: "sk_test_scale",
  MODERATION_OFF: "all",
  ACCOUNT_EDITS_A_MINUTE: "1000000",
  ACCOUNT_EDITS_UNFINISHED: "1000000",
};

async function simulated(bundle: string, order: object, containers: number): Promise<Outcome> {
  const worker: V4WorkerOptions = {
    name: "scale",
    modules: [{ type: "ESModule", path: join(bundle, "index.js") }],
    modulesRoot: bundle,
    compatibilityDate: "2026-10-01",
    compatibilityFlags: ["nodejs_compat"],
    bindings: { ...VARS, GPU_CONTAINERS: String(containers) },
    durableObjects: { ACCOUNTS: { className: "Account", useSQLite: true } },
  };
  const runtime = new Miniflare(convertV4MiniflareOptions({ workers: [worker] }));
  try {
    const answer = await runtime.dispatchFetch("https://scale/run", {
      method: "POST",
      body: JSON.stringify(order),
    });
    if (!answer.ok) throw new Error(`the simulation answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Outcome;
  } finally {
    await runtime.dispose();
  }
}

async function bench({ rate: rates, minutes, gpuMs, statements, out }: Options): Promise<void> {
  const bundle = mkdtempSync(join(tmpdir(), "flux-scale-"));
  try {
    execFileSync(
      process.execPath,
      [WRANGLER, "deploy", "edge/test/scale/index.ts", "--dry-run", "--outdir", bundle],
      {
        cwd: ROOT,
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    const rows: ReturnType<typeof rowOf>[] = [];
    for (const rate of rates) {
      const containers = Math.ceil((SPARE * rate * gpuMs) / 60_000);
      const order = { rate, minutes, gpuMs, containers, consumers: CONSUMERS };
      const outcome = await simulated(bundle, order, containers);
      const row = rowOf(order, outcome, costOf(outcome, order));
      rows.push(row);
      console.log(headlineOf(row));
      if (statements) console.table(statementsOf(outcome));
    }
    console.table(rows);
    const machine = `${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}`;
    if (out !== undefined)
      await writeSummary(out, { date: new Date().toISOString().slice(0, 10), machine, gpu_ms: gpuMs, rows });
  } finally {
    rmSync(bundle, { recursive: true });
  }
}

const round = (value: number, digits = 2) => Number(value.toFixed(digits));

function rowOf(order: { rate: number; containers: number }, outcome: Outcome, cost: Cost) {
  const { edits, succeeded, queue, waitMs, mostHeld, uploads, runs, expiry, bytes } = outcome;
  const { mostRunning, busyAnswers, runnerMs } = outcome;
  const written = (costs: Outcome["runs"]) => round((costs.rowsWritten + costs.alarmsSet) / edits);
  return {
    edits_a_minute: order.rate,
    gpus: order.containers,
    edits,
    succeeded,
    rows_upload: written(uploads),
    rows_run: written(runs),
    rows_erasure: written(expiry),
    alarms: round((uploads.alarmsSet + runs.alarmsSet + expiry.alarmsSet) / edits),
    rows: round(cost.rows),
    rows_read: round(cost.rowsRead),
    upstash: round(cost.upstash),
    object_calls: round(cost.operations.object),
    queue_longest: queue.longest,
    queue_last_minute: round(queue.lastMinute),
    wait_p50_s: round(waitMs.p50 / 1000),
    wait_p99_s: round(waitMs.p99 / 1000),
    consumers: mostHeld,
    running: mostRunning,
    busy_answers: round(busyAnswers / edits),
    runner_s: round(runnerMs / edits / 1000),
    bytes_an_edit: Math.round(bytes / edits),
    dollars: round(cost.dollars, 6),
    dollars_alone: round(cost.dollarsAlone, 6),
  };
}

const headlineOf = (row: ReturnType<typeof rowOf>) =>
  `${row.edits_a_minute} edits a minute: ${row.rows} rows written an edit, the upload of its photo among them; ` +
  `${row.upstash} commands of Upstash, $${row.dollars}; ${row.queue_longest} messages waited at most`;

/** Rows written an edit by each statement, most first. */
const statementsOf = ({ written, edits }: Outcome) =>
  Object.entries(written)
    .map(([statement, rows]) => ({ statement, rows: round(rows / edits) }))
    .sort((a, b) => b.rows - a.rows);

const rates = (text: string, before: readonly number[] = []) => [...before, whole(1)(text)];

await runCommand(
  projectCommand("bench:scale", "Run one account at thousands of edits a minute, under a simulated clock.")
    .option("--rate <numbers...>", "edits a minute, one run each (default: 1000)", rates, [])
    .option("--minutes <n>", "simulated minutes of arrivals", positive, 2)
    .option("--gpu-ms <n>", "time of a GPU for an edit, in milliseconds", positive, 7_000)
    .option("--statements", "print the rows written an edit by each statement too")
    .option("--out <file>", "write a summary as JSON")
    .action((options: Options) =>
      bench({ ...options, rate: options.rate.length > 0 ? options.rate : [1_000] }),
    ),
);
