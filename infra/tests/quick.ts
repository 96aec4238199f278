/** `npm test`: the quick suites, for every change. Offline. The worker's tests take longer (slow.ts). */
import { join } from "node:path";
import type { Tally } from "./tally.ts";
import { runTests } from "./vitest.ts";

/** @param folder for the reports */
export async function quickSuites(tally: Tally, folder: string): Promise<void> {
  tally.check("types", "tsc", ["-p", "."]);
  tally.check("types of the worker", "tsc", ["-p", "edge"]);
  tally.check("types of the playground", "tsc", ["-p", "edge/playground"]);
  tally.check("types of checks that import the worker", "tsc", ["-p", "infra/checks"]);
  tally.check("lint and format", "biome", ["ci", "--error-on-warnings", "."]);
  tally.check("parity with our own cases", "node", ["gpu-fn/parity/main.ts", "gpu-fn/parity/cases"]);
  await runTests(tally, "tests", join(folder, "node.json"), ["--project", "node"]);
}
