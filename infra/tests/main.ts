// `npm test`: types, lint, every vitest project, the project's own parity cases. Closes with `N passed, N failed`.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "flux-sculptor-test-"));
const report = join(folder, "vitest.json");
const browserReport = join(folder, "browser.json");
// wrangler's runtime asks the network for its own version and for request metadata unless it is told not to
const environment = {
  ...process.env,
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  CI: "1",
  NO_COLOR: "1",
};

let passed = 0;
let failed = 0;

function check(title: string, command: string, args: string[]): void {
  process.stdout.write(`\n── ${title}\n`);
  const { status } = spawnSync(command, args, { stdio: "inherit", env: environment });
  if (status === 0) passed += 1;
  else failed += 1;
}

/** Longest time without a line: the slowest test file takes half of it. */
const SILENCE_MS = 180_000;

/**
 * Runs vitest; null where it fell silent and was ended. Its pool for workerd can stop for good between two files (the
 * runtime idle, nothing reported), which has nothing to do with a test's result.
 */
async function runTests(title: string, output: string, more: string[] = []): Promise<boolean | null> {
  process.stdout.write(`\n── ${title}\n`);
  const args = ["run", ...more, "--reporter=default", "--reporter=json", `--outputFile=${output}`];
  const vitest = spawn("vitest", args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: environment,
    detached: true,
  });
  let silent = false;
  const end = () => {
    silent = true;
    if (vitest.pid !== undefined) process.kill(-vitest.pid, "SIGKILL");
  };
  let timer = setTimeout(end, SILENCE_MS);
  vitest.stdout.on("data", (chunk: Buffer) => {
    process.stdout.write(chunk);
    clearTimeout(timer);
    timer = setTimeout(end, SILENCE_MS);
  });
  // in a group of its own, Ctrl-C does not reach it
  process.once("SIGINT", end);
  const [status] = await once(vitest, "exit");
  if (process.listenerCount("SIGINT") === 0) process.exit(130);
  process.removeListener("SIGINT", end);
  clearTimeout(timer);
  return silent ? null : status === 0;
}

check("types", "tsc", ["-p", "."]);
check("types of the worker", "tsc", ["-p", "edge"]);
check("types of the playground", "tsc", ["-p", "edge/playground"]);
check("lint and format", "biome", ["ci", "--error-on-warnings", "."]);
check("the worker bundles", "wrangler", ["deploy", "--dry-run"]);
check("parity with our own cases", "node", ["gpu-fn/parity/main.ts", "gpu-fn/parity/cases"]);
let green = await runTests("tests", report);
if (green === null) {
  process.stdout.write(`\nthe test pool was silent for ${SILENCE_MS / 1000} s: all tests once more\n`);
  green = await runTests("tests", report);
}
// by themselves: a browser beside the other tests would measure how busy the machine is
const browser = ["--config", "edge/playground/tests/vitest.config.ts"];
green = (await runTests("the playground in a browser", browserReport, browser)) && green;

for (const file of [report, browserReport]) {
  try {
    const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(file, "utf8"));
    passed += numPassedTests;
    failed += numTotalTests - numPassedTests;
  } catch {
    process.stderr.write("vitest left no report\n");
  }
}
// a suite that breaks before its first test counts no test: its exit status still says so
if (!green && failed === 0) failed += 1;
check("table of what is tested", "node", ["infra/checks/coverage/main.ts", "--report", report, "--check"]);
rmSync(folder, { recursive: true });

process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
