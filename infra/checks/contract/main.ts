// `npm run test:contract`: Schemathesis against the running worker, on a fresh state and with a GPU function that has no
// model, with all checks on all operations: first as two customers who must not see each other's data, then as the
// operator. Then clients that are generated from the contract, and the project's own.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Option } from "commander";
import { projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { whole } from "../../../gpu-fn/src/cli/numbers.ts";
import { openAccount } from "../../local/account.ts";
import { Admin } from "../../local/admin.ts";
import { freePort } from "../../local/ports.ts";
import { startStack } from "../../local/stack.ts";
import { openState, type State } from "../../local/state.ts";
import { clientChecks } from "./clients.ts";
import { configOf, wfcOf } from "./config.ts";
import { createSampleAccount } from "./sample-account.ts";
import { installed, schemathesis } from "./schemathesis.ts";
import { type Row, tableOf } from "./table.ts";
import type { Workshop } from "./workshop.ts";

interface Options {
  readonly examples: number;
  readonly seed?: number;
  readonly only?: "clients" | "schemathesis";
}

const ROOT = join(import.meta.dirname, "../../..");

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** What one run of Schemathesis needs. */
interface Runner extends Options {
  readonly target: string;
  readonly folder: string;
  readonly url: string;
}

/** One run; whether it went without a failure. */
async function passes(
  { target, folder, url, examples, seed }: Runner,
  name: string,
  config: string,
  args: readonly string[],
): Promise<boolean> {
  const file = join(folder, `${name}.toml`);
  writeFileSync(file, config, { mode: 0o600 });
  say(`\n── as ${name}`);
  const limits = ["--max-examples", String(examples), "--workers", "1", "--request-timeout", "70"];
  const repeat = seed === undefined ? [] : ["--seed", String(seed)];
  const command = ["--config-file", file, "run", `${url}/openapi.json`, ...limits, ...repeat, ...args];
  return (await schemathesis(target, command, folder)) === 0;
}

/** Runs clients, one after another; whether all of them got their picture. */
function clientsPass(workshop: Workshop): boolean {
  let passed = true;
  const table: Row[] = [];
  for (const { name, run, rows = () => [] } of clientChecks(workshop)) {
    const began = performance.now();
    try {
      run();
      table.push(...rows());
      say(`✓ ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      passed = false;
      say(`✗ ${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  process.stdout.write(`${tableOf(table)}\n`);
  return passed;
}

async function checkContract(options: Options): Promise<void> {
  const shared = process.env.STATE_DIR ?? join(ROOT, ".state");
  const target = options.only === "clients" ? null : installed(shared);
  const folder = mkdtempSync(join(tmpdir(), "flux-contract-"));
  const state = openState(folder);
  const stack = await startStack({
    state,
    port: await freePort(),
    // generators keep a small machine busy: a worker that is slow then is not to be ended for it
    patienceMs: 120_000,
    gpu: "infra/local/gpu-stub/server.ts",
    gpuEnv: { DELAY_MS: "20" },
    // an account's limits are for people
    vars: {
      ACCOUNT_REQUESTS_A_MINUTE: "1000000",
      ACCOUNT_EDITS_A_MINUTE: "1000000",
      ACCOUNT_EDITS_UNFINISHED: "1000000",
      GPU_CONTAINERS: "1000000",
    },
    say,
  });
  try {
    await stack.workerUp();
    await stack.gpuReady();
    const passed: boolean[] = [];
    if (target !== null)
      passed.push(...(await schemathesisPasses({ ...options, target, folder, url: stack.url }, state)));
    // last: this process waits for the clients and hears nothing meanwhile, so a connection that it kept is gone afterwards
    if (options.only !== "schemathesis") {
      const { url } = stack;
      const { admin_key: adminKey } = state.secrets;
      const made = (name: string) => createSampleAccount(url, new Admin(url, adminKey), name);
      const [curl, TypeScript, Python] = [await made("curl"), await made("TypeScript"), await made("Python")];
      const accounts = { curl, TypeScript, Python, Swift: curl, Kotlin: curl };
      const key = await openAccount(url, state);
      passed.push(clientsPass({ url, key, adminKey, accounts, folder: join(shared, "clients") }));
    }
    process.exitCode = passed.every(Boolean) ? 0 : 1;
  } finally {
    await stack.stop();
    rmSync(folder, { recursive: true });
  }
}

async function schemathesisPasses(runner: Runner, { secrets }: State): Promise<boolean[]> {
  const { url, folder } = runner;
  const account = await createSampleAccount(url, new Admin(url, secrets.admin_key), "schemathesis");
  const wfcFile = join(folder, "users.json");
  writeFileSync(wfcFile, wfcOf(account.keys), { mode: 0o600 });
  const customers = configOf({ kind: "customers", wfcFile }, account);
  const admin = configOf({ kind: "admin", key: secrets.admin_key }, account);
  return [
    await passes(runner, "customers", customers, ["--exclude-tag", "admin"]),
    await passes(runner, "operator", admin, ["--include-tag", "admin"]),
  ];
}

await runCommand(
  projectCommand(
    "test:contract",
    "Check the worker against its OpenAPI document with generated clients and Schemathesis.",
  )
    .option("--examples <n>", "test cases of each kind for an operation", whole(1), 50)
    .option("--seed <n>", "repeat a run", whole(1))
    .addOption(new Option("--only <part>", "only this part").choices(["clients", "schemathesis"]))
    .action(checkContract),
);
