/** `npm run test:slow`: the worker's tests, whole systems started, killed and filled, and the page in a browser. */
import { join } from "node:path";
import type { Tally } from "./tally.ts";
import { runTests } from "./vitest.ts";

/** @param folder for the reports */
export async function slowSuites(tally: Tally, folder: string): Promise<void> {
  await runTests(tally, "the worker", join(folder, "edge.json"), ["--project", "edge"]);
  tally.check("the worker bundles", "wrangler", ["deploy", "--dry-run"]);
  await runTests(tally, "whole systems", join(folder, "slow.json"), ["--project", "slow"]);
  // alone: beside other tests, a browser would measure how busy the machine is
  const browser = ["--config", "edge/playground/tests/vitest.config.ts"];
  await runTests(tally, "the playground in a browser", join(folder, "browser.json"), browser);
}
