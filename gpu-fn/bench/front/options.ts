import { join } from "node:path";
import { Command, Option } from "commander";

export interface FrontOptions {
  readonly seed: number;
  readonly perAttribute: number;
  readonly attributes: string;
  readonly presets?: boolean;
  readonly firstBlock?: readonly string[];
  readonly kept?: string;
  readonly out?: string;
  readonly threads?: number;
  readonly int8?: boolean;
  readonly model: string;
}

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

/** @throws CommanderError: ends the process with one line */
export function readOptions(): FrontOptions {
  return new Command("bench:front")
    .description(
      "Edit the benchmark's portraits by many schedules and say what each loses of the paper's quality.",
    )
    .requiredOption("--seed <s>", "first of the portraits; schedules are chosen on 99000 and up", Number)
    .requiredOption("--per-attribute <k>", "edits an attribute", Number)
    .option("--attributes <names>", "comma-separated, or a set", "celeba")
    .option("--presets", "the presets alone instead of the grid")
    .addOption(
      new Option(
        "--first-block <thresholds...>",
        "the presets with first-block caching instead, beside FireFlow at the same cost",
      ).conflicts("presets"),
    )
    .option("--kept <file>", "keep every verdict here; a run that was ended goes on from it")
    .option("--out <file>", "write the figures as JSON here, and beside those of the grid the plot as .svg")
    .option("--threads <n>", "threads of one evaluation", Number)
    .option("--int8", "eight-bit integers in the transformer's linear layers")
    .option("--model <manifest>", "model to judge", MINI)
    .parse()
    .opts<FrontOptions>();
}

/**
 * Thresholds of first-block caching, each once; undefined where the run is not about it.
 * @throws RangeError for one that is no number above 0
 */
export function thresholdsOf({ firstBlock }: Pick<FrontOptions, "firstBlock">): number[] | undefined {
  const thresholds = firstBlock?.map((text) => {
    const threshold = Number(text);
    if (!(threshold > 0)) throw new RangeError(`--first-block: ${text} is no number above 0`);
    return threshold;
  });
  return thresholds && [...new Set(thresholds)];
}
