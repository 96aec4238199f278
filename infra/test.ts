// `npm test`: types, lint, every vitest project, the project's own parity cases. Closes with `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "flux-sculptor-test-"));
const report = join(folder, "vitest.json");
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

function run(title: string, command: string, args: string[]): boolean {
  process.stdout.write(`\n── ${title}\n`);
  const { status } = spawnSync(command, args, { stdio: "inherit", env: environment });
  return status === 0;
}

function check(title: string, command: string, args: string[]): void {
  if (run(title, command, args)) passed += 1;
  else failed += 1;
}

check("types", "tsc", ["-p", "."]);
check("types of the worker", "tsc", ["-p", "edge"]);
check("lint and format", "biome", ["ci", "--error-on-warnings", "."]);
check("the worker bundles", "wrangler", ["deploy", "--dry-run"]);
check("parity with our own cases", "node", ["gpu-fn/src/parity/main.ts", "gpu-fn/src/parity/cases"]);
const green = run("tests", "vitest", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile=${report}`,
]);

try {
  const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, "utf8"));
  passed += numPassedTests;
  failed += numTotalTests - numPassedTests;
} catch {
  process.stderr.write("vitest left no report\n");
}
// a suite that breaks before its first test counts no test: its exit status still says so
if (!green && failed === 0) failed += 1;
check("table of what is tested", "node", ["infra/coverage.ts", "--report", report, "--check"]);
rmSync(folder, { recursive: true });

process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
