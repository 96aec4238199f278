import { join } from "node:path";
import type { Command } from "commander";
import { projectCommand } from "../../src/cli/command.ts";
import { whole } from "../../src/cli/numbers.ts";

export interface FrontOptions {
  readonly seed: number;
  readonly perAttribute: number;
  readonly attributes: string;
  readonly presets: boolean;
  readonly kept?: string;
  readonly out?: string;
  readonly threads?: number;
  readonly int8: boolean;
  readonly model: string;
}

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

export function frontCommand(run: (options: FrontOptions) => Promise<void>): Command {
  return projectCommand(
    "bench:front",
    "Edit the benchmark's portraits with many schedules and report what each loses against the paper's.",
  )
    .requiredOption(
      "--seed <s>",
      "seed of the first portrait; schedules are chosen on 99000 and up",
      whole(0),
    )
    .requiredOption("--per-attribute <k>", "edits of each attribute", whole(1))
    .option("--attributes <names>", "comma-separated, or a set", "celeba")
    .option("--presets", "only the presets instead of the grid", false)
    .option("--kept <file>", "file with all verdicts, from which a stopped run continues")
    .option("--out <file>", "write a summary as JSON here, and the grid's plot beside it as .svg")
    .option("--threads <n>", "threads of an evaluation", whole(1))
    .option("--int8", "eight-bit integers in the transformer's linear layers", false)
    .option("--model <manifest>", "model to judge", MINI)
    .action(run);
}
