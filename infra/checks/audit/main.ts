// `npm run audit`: where packages come from, their licences, and the registry's advisories against the exceptions that are
// written down. Without an answer of the registry it says so and exits with 3: nothing was judged then.
import { Option } from "commander";
import { projectCommand, runCommand } from "../../../gpu-fn/src/cli/command.ts";
import { advisoriesOf, judge } from "./advisories.ts";
import { npmAudit } from "./npm.ts";
import { checkProject, ROOT, readExceptions } from "./project.ts";

const KINDS = ["dev", "optional", "peer"];

const say = (line: string) => void process.stdout.write(`${line}\n`);

function sayPart(name: string, line: string, faults: readonly string[]): void {
  say(`${name.padEnd(12)}${line}${faults.length === 0 ? "" : `; ${faults.length} wrong`}`);
  for (const fault of faults) say(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

function audit({ omit = [] }: { omit?: readonly string[] }): void {
  const exceptions = readExceptions();
  for (const { name, count, of, faults } of checkProject()) sayPart(name, `${count} ${of}`, faults);
  const asked = npmAudit(ROOT, omit);
  if ("unanswered" in asked) {
    say(`${"advisories".padEnd(12)}not known: the registry answers no audit (${asked.unanswered})`);
    process.exitCode ??= 3;
    return;
  }
  const { open, excepted, unused } = judge(
    advisoriesOf(asked.report),
    exceptions,
    new Date().toISOString().slice(0, 10),
  );
  const { total } = asked.report.metadata.dependencies;
  const found = `${total} packages asked about, ${open.length + excepted.length} advisories, ${excepted.length} excepted`;
  const faults = open.map(({ id, package: name, severity, title, range, expired }) => {
    const line = `${id} ${name} ${range} (${severity}): ${title}`;
    return expired === undefined ? line : `${line}; its exception ended on ${expired}`;
  });
  sayPart("advisories", found, faults);
  for (const { advisory, package: name } of unused)
    say(`  the exception ${advisory} for ${name} excepts nothing`);
}

await runCommand(
  projectCommand("audit", "Audit the installed packages: sources, licences, and the registry's advisories.")
    .addOption(
      new Option("--omit <kind...>", "kinds of dependencies whose advisories are ignored").choices(KINDS),
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing open · 1 something is wrong · 2 wrong usage · 3 the registry answers no audit",
    )
    .action(audit),
);
