// `npm test`, `npm run test:slow`, `npm run test:all`. Each closes with `N passed, N failed`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Argument } from "commander";
import { projectCommand, runCommand } from "../../gpu-fn/src/cli/command.ts";
import { fetchingSuites } from "./fetching.ts";
import { quickSuites } from "./quick.ts";
import { slowSuites } from "./slow.ts";
import { Tally } from "./tally.ts";

async function test(which: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "flux-sculptor-test-"));
  const tally = new Tally();
  try {
    if (which !== "slow") await quickSuites(tally, folder);
    if (which !== "quick") await slowSuites(tally, folder);
    if (which === "all") fetchingSuites(tally);
  } finally {
    rmSync(folder, { recursive: true });
  }
  tally.close();
}

await runCommand(
  projectCommand("test", "Types, lint, parity and every test; the slow suites apart.")
    .addArgument(new Argument("[which]", "suites").choices(["quick", "slow", "all"]).default("quick"))
    .action(test),
);
