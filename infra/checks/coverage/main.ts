// `npm run test:coverage-table`: runs the worker's tests and renews the table in edge/README.md by their names.
// `--report FILE --check`: takes a report that is there, and only says whether the table is as it should be.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { cellsOf, reportSchema, tableOf, withTable } from "./route-table.ts";

const ROOT = join(import.meta.dirname, "../../..");
const README = join(ROOT, "edge/README.md");

/** The report of a run of the worker's tests. */
function fresh(): string {
  const folder = mkdtempSync(join(tmpdir(), "flux-coverage-"));
  const file = join(folder, "vitest.json");
  const vitest = ["run", "--project", "edge", "--silent", "--reporter=dot", "--reporter=json"];
  spawnSync("vitest", [...vitest, `--outputFile=${file}`], { cwd: ROOT, stdio: "inherit" });
  try {
    return readFileSync(file, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function renew({ report, check }: { report?: string; check?: boolean }): void {
  const text = report === undefined ? fresh() : readFileSync(report, "utf8");
  const table = tableOf(cellsOf(reportSchema.parse(JSON.parse(text))));
  const before = readFileSync(README, "utf8");
  const after = withTable(before, table);
  if (after === before) process.stdout.write("the table in edge/README.md is up to date\n");
  else if (check) {
    process.stderr.write("the table in edge/README.md is out of date: npm run test:coverage-table\n");
    process.exitCode = 1;
  } else {
    writeFileSync(README, after);
    process.stdout.write("edge/README.md is renewed\n");
  }
}

await runCommand(
  projectCommand("test:coverage-table", "Renew the table of tested routes in edge/README.md.")
    .option("--report <file>", "vitest's JSON report, instead of a new run")
    .option("--check", "only check whether the table is up to date")
    .action(renew),
);
