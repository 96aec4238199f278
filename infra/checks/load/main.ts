// `npm run bench:edge`: the worker's own time, with a stub GPU function, on a fresh state. For each rate: edits created
// by image id (each with its own Idempotency-Key, none waited for), one edit read, its mask from the cache, its
// render from storage, and, as the floor of the local runtime and of this program, an answer that
// needs neither key nor storage; `added` is the difference to it at the same rate.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { writeSummary } from "../../../gpu-fn/bench/kit/results.ts";
import { projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { positive, whole } from "../../../gpu-fn/src/cli/numbers.ts";
import { DEADLINE_MS } from "../../../shared/edit.ts";
import { Admin } from "../../local/admin.ts";
import { freePort } from "../../local/ports.ts";
import { startStack } from "../../local/stack.ts";
import { openState } from "../../local/state.ts";
import { type Load, measure, type Row } from "./load.ts";

interface Options {
  readonly rate?: readonly number[];
  readonly seconds: number;
  readonly warmUp: number;
  readonly delay: number;
  readonly out?: string;
}

/** The time of a route beyond the floor, at the same percentile of its requests. */
const difference = (time: number, floor: number) => Math.round((time - floor) * 100) / 100;

const PORTRAIT = join(import.meta.dirname, "../../../gpu-fn/examples/portrait-01.png");
const rates = (text: string, before: readonly number[] = []) => [...before, whole(1)(text)];

/** Default request rates of the runs, per second. */
const RATES = [50, 200, 500];

/** Requests a second before the runs: while code is compiled anew, after the first thousands, all of them stand still. */
const WARM_UP_RATE = 200;

const UNLIMITED = { requests: 1_000_000, edits: 1_000_000 };
const idSchema = z.object({ id: z.string() });

async function post<T>(
  origin: string,
  schema: z.ZodType<T>,
  path: string,
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<T> {
  const answer = await fetch(`${origin}${path}`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${await answer.text()}`);
  return schema.parse(await answer.json());
}

/** The routes under load, the floor first; edits are created last, since they fill the queue. */
async function bench({ rate = RATES, seconds, warmUp, delay, out }: Options): Promise<void> {
  // A full collection of the local runtime's heap stands still for about 110 ms, and by default comes every ten seconds or
  // so at these rates: with room, none comes within a run. What a collection of young objects frees (headers, requests,
  // answers) is destroyed all at once afterwards, for up to 250 ms: so they get little room.
  process.env.MINIFLARE_WORKERD_V8_FLAGS ??=
    "--min-semi-space-size=1 --max-semi-space-size=1 --initial-old-space-size=512";
  // In memory if the system offers it: in production the objects' storage is no disk of the worker's machine, so the time
  // that this one's disk takes to sync is not the worker's.
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "flux-bench-"));
  const state = openState(folder);
  const stack = await startStack({
    state,
    port: await freePort(),
    gpu: "infra/local/gpu-stub/server.ts",
    gpuEnv: { DELAY_MS: String(delay) },
    vars: {
      ACCOUNT_REQUESTS_A_MINUTE: "1000000",
      ACCOUNT_EDITS_A_MINUTE: "1000000",
      ACCOUNT_EDITS_UNFINISHED: "1000000",
      // one container: edits wait in their account, and what is measured is accepting them, not running hundreds a second
      GPU_CONTAINERS: "1",
    },
    say: (line) => void process.stderr.write(`${line}\n`),
  });

  try {
    await stack.workerUp();
    await stack.gpuReady();
    const admin = new Admin(stack.url, state.secrets.admin_key);
    const account = await admin.openAccount("bench", 1_000_000);
    const key = await admin.openKey(account, "bench", UNLIMITED);
    const authorization = { authorization: `Bearer ${key}` };
    const json = { ...authorization, "content-type": "application/json" };

    const { id: image } = await post(
      stack.url,
      idSchema,
      "/v1/images",
      { ...authorization, "content-type": "image/png" },
      readFileSync(PORTRAIT),
    );
    const prompt = "a woman wearing glasses";
    const body = JSON.stringify({ image, prompt });
    // long deadlines: a line of thousands would have edits refused that end too late
    const patient = JSON.stringify({ image, prompt, deadline_ms: DEADLINE_MS.max });
    const create: Load = {
      name: "POST /v1/edits",
      path: "/v1/edits",
      method: "POST",
      headers: json,
      body: patient,
    };
    const { id: edit } = await post(stack.url, idSchema, "/v1/edits", json, body);
    const read: Load = {
      name: "GET /v1/edits/{id}",
      path: `/v1/edits/${edit}`,
      method: "GET",
      headers: authorization,
    };

    const mask: Load = {
      name: "POST /v1/masks (cache)",
      path: "/v1/masks",
      method: "POST",
      headers: json,
      body,
    };
    const signing = { action: "render", expires_in: 3600, constraints: { image, prompts: [prompt] } };
    const { url } = await post(
      stack.url,
      z.object({ url: z.url() }),
      "/v1/sign",
      json,
      JSON.stringify(signing),
    );
    const render: Load = {
      name: "GET /v1/render/{token} (storage)",
      path: new URL(url).pathname,
      method: "GET",
      headers: {},
    };
    const floor: Load = { name: "GET /v1/presets (floor)", path: "/v1/presets", method: "GET", headers: {} };

    // mask and render are made before edits fill the queue; creates come last, since they go on running after it
    for (const load of [mask, render]) await measure(stack.url, load, 1, 2);
    const rows: (Row & { added_p50_ms: number; added_p99_ms: number })[] = [];
    const floors = new Map<number, Row>();
    for (const loads of [[floor, read, mask, render], [create]]) {
      for (const load of loads) await measure(stack.url, load, WARM_UP_RATE, warmUp);
      for (const each of rate) {
        for (const load of loads) {
          const row = await measure(stack.url, load, each, seconds);
          if (load === floor) floors.set(each, row);
          const { p50_ms = 0, p99_ms = 0 } = floors.get(each) ?? {};
          rows.push({
            ...row,
            added_p50_ms: difference(row.p50_ms, p50_ms),
            added_p99_ms: difference(row.p99_ms, p99_ms),
          });
        }
      }
    }
    console.table(rows);
    if (out !== undefined) {
      const machine = `${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}`;
      const figures = { date: new Date().toISOString().slice(0, 10), machine, stub_delay_ms: delay, rows };
      await writeSummary(out, figures);
    }
  } finally {
    await stack.stop();
    rmSync(folder, { recursive: true });
  }
}

await runCommand(
  projectCommand("bench:edge", "Measure the latency of the worker's routes with a stub GPU function.")
    .option("--rate <numbers...>", `requests a second, one run each (default: ${RATES.join(", ")})`, rates)
    .option("--seconds <n>", "duration of each run", positive, 20)
    .option("--warm-up <n>", "seconds of each request before the first run, not counted", positive, 10)
    .option("--delay <ms>", "time of the stub for an edit", positive, 50)
    .option("--out <file>", "write a summary as JSON")
    .action(bench),
);
