// `npm run test:chaos [RUNS]`: the model-based test of ledger and lifecycle with many random histories (10,000).
import { spawnSync } from "node:child_process";

const runs = Number(process.argv[2] ?? 10_000);
if (!Number.isSafeInteger(runs) || runs < 1) {
  process.stderr.write("usage: npm run test:chaos -- RUNS, a positive whole number\n");
  process.exit(2);
}
const { status } = spawnSync(
  "vitest",
  ["run", "--project", "node", "edge/src/account/ledger.property.test.ts"],
  {
    stdio: "inherit",
    env: { ...process.env, CHAOS_RUNS: String(runs) },
  },
);
process.exitCode = status ?? 1;
