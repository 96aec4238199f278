import type { Tally } from "./tally.ts";

/** What `npm run test:all` adds: suites that install tools of their own, the contract with its clients, and training. */
export function fetchingSuites(tally: Tally): void {
  tally.check("the contract", "node", ["infra/checks/contract/main.ts"]);
  tally.check("training", "node", ["infra/tests/training.ts"]);
}
