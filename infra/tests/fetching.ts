import type { Tally } from "./tally.ts";

/** What `npm run test:all` adds: suites that install their own tools, and a separate run for the table of tested routes. */
export function fetchingSuites(tally: Tally): void {
  tally.check("the contract", "node", ["infra/checks/contract/main.ts"]);
  tally.check("table of what is tested", "node", ["infra/checks/coverage/main.ts", "--check"]);
  tally.check("training", "node", ["infra/tests/training.ts"]);
}
