/** Runs vitest, counts by its report, and ends a run that falls silent. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { ENVIRONMENT } from "./environment.ts";
import type { Tally } from "./tally.ts";

/** Maximum time without output: slightly more than the longest test's time limit (kill.slow.test.ts). */
const SILENCE_MS = 420_000;

/**
 * Runs vitest, and once more if it fell silent: its pool for workerd can hang between two files (the
 * runtime idle, nothing reported), whatever the tests' results.
 * @param report where its JSON report goes
 */
export async function runTests(tally: Tally, title: string, report: string, args: string[]): Promise<void> {
  let green = await run(title, report, args);
  if (green === null) {
    process.stdout.write(`\nthe test pool was silent for ${SILENCE_MS / 1000} s: these tests once more\n`);
    green = await run(title, report, args);
  }
  const { passed, failed } = countsOf(report);
  // a suite that breaks before its first test reports no test; its exit status still shows the failure
  tally.add(passed, green || failed > 0 ? failed : 1);
}

async function run(title: string, report: string, more: string[]): Promise<boolean | null> {
  process.stdout.write(`\n── ${title}\n`);
  const args = ["run", ...more, "--reporter=default", "--reporter=json", `--outputFile=${report}`];
  const vitest = spawn("vitest", args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: ENVIRONMENT,
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
  // it has its own process group, so Ctrl-C does not reach it
  process.once("SIGINT", end);
  const [status] = await once(vitest, "exit");
  if (process.listenerCount("SIGINT") === 0) process.exit(130);
  process.removeListener("SIGINT", end);
  clearTimeout(timer);
  return silent ? null : status === 0;
}

function countsOf(report: string): { passed: number; failed: number } {
  try {
    const { numPassedTests: passed, numTotalTests: total } = JSON.parse(readFileSync(report, "utf8"));
    return { passed, failed: total - passed };
  } catch {
    process.stderr.write("vitest left no report\n");
    return { passed: 0, failed: 0 };
  }
}
