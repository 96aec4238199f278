import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** The model-based test of ledger and lifecycle with many random histories. @returns whether all of them held */
export async function runHistories(runs: number, signal: AbortSignal): Promise<boolean> {
  const vitest: ChildProcess = spawn(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--project",
      "node",
      "edge/src/account/rules/ledger.property.test.ts",
    ],
    {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, CHAOS_RUNS: String(runs) },
      signal,
    },
  );
  vitest.on("error", () => {}); // aborted: the exit status reports it too
  const [status] = await once(vitest, "exit");
  return status === 0;
}
