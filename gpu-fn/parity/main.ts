// `npm run parity -- DIR…`: runs every case under the folders through the product's own modules and prints the largest
// absolute error of each, then one JSON line.
import { projectCommand, runCommand } from "../src/cli/command.ts";
import { InputError } from "../src/errors.ts";
import { findCases } from "./case.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function parity(folders: readonly string[]): Promise<void> {
  const cases = findCases(folders);
  if (cases.length === 0)
    throw new InputError(
      "file_unreadable",
      `no case (a folder with a config.json) under ${folders.join(", ")}`,
    );
  const outcomes: Outcome[] = [];
  for (const folder of cases) {
    const outcome = await outcomeOf(folder);
    say(outcome.line);
    outcomes.push(outcome);
  }
  const failed = outcomes.filter(({ state }) => state !== "ok").length;
  const worst = Math.min(Math.max(...outcomes.map(({ error }) => error)), Number.MAX_VALUE);
  say(JSON.stringify({ cases: cases.length, failed, worst }));
  if (failed > 0) process.exitCode = outcomes.some(({ state }) => state === "broken") ? 2 : 1;
}

await runCommand(
  projectCommand("parity", "Compare the engine with the reference libraries on golden cases.")
    .argument("<folders...>", "cases, or folders of them")
    .addHelpText("after", "\nExit codes: 0 all agree · 1 a case fails · 2 a case cannot be checked")
    .action(parity),
);
