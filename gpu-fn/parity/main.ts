/**
 * `npm run parity -- DIR…`: runs every case under the folders through the product's own modules and prints the
 * largest absolute error of each, then one JSON line. Exit 1 where a case fails, 2 where one cannot be checked.
 */
import { CaseError, findCases } from "./case.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

/** Checks and prints; returns the exit status. */
async function main(folders: readonly string[]): Promise<number> {
  if (folders.length === 0) throw new CaseError("usage: npm run parity -- DIR…");
  const cases = findCases(folders);
  if (cases.length === 0)
    throw new CaseError(`no case (a folder with a config.json) under ${folders.join(", ")}`);
  const outcomes: Outcome[] = [];
  for (const folder of cases) {
    const outcome = await outcomeOf(folder);
    console.log(outcome.line);
    outcomes.push(outcome);
  }
  const failed = outcomes.filter(({ state }) => state !== "ok").length;
  const worst = Math.min(Math.max(...outcomes.map(({ error }) => error)), Number.MAX_VALUE);
  console.log(JSON.stringify({ cases: cases.length, failed, worst }));
  if (outcomes.some(({ state }) => state === "broken")) return 2;
  return failed > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
