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
    "Edit the benchmark's portraits by many schedules and say what each loses of the paper's quality.",
  )
    .requiredOption("--seed <s>", "first of the portraits; schedules are chosen on 99000 and up", whole(0))
    .requiredOption("--per-attribute <k>", "edits an attribute", whole(1))
    .option("--attributes <names>", "comma-separated, or a set", "celeba")
    .option("--presets", "the presets alone instead of the grid", false)
    .option("--kept <file>", "keep every verdict here; a run that was stopped continues from it")
    .option("--out <file>", "write a summary as JSON here, and the grid's plot beside it as .svg")
    .option("--threads <n>", "threads of one evaluation", whole(1))
    .option("--int8", "eight-bit integers in the transformer's linear layers", false)
    .option("--model <manifest>", "model to judge", MINI)
    .action(run);
}
