import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { ATTRIBUTE_SETS } from "./attributes.ts";
import { FIGURE_T, PUBLISHED, TABLE_3, type Variant } from "./variants.ts";

export interface BenchOptions {
  seed: number;
  perAttribute: number;
  out?: string;
  attributes: string;
  table?: "ablation";
  figure?: "T";
  guidance?: number;
  method?: "distilled" | "true";
  structuring: number;
  steps: number;
  threads?: number;
  model: string;
}

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError("it is not a positive number.");
  return value;
}

export function readOptions(): BenchOptions {
  return new Command("bench:edits")
    .description("Edit held-out portraits and judge the results. Training uses no seed below 99000.")
    .requiredOption("--seed <s>", "first of the portraits to choose from", whole)
    .requiredOption("--per-attribute <k>", "edits an attribute", whole)
    .option("--out <file>", "write figures as JSON here, and the contact sheet beside it as .jpg")
    .option(
      "--attributes <names>",
      `comma-separated, or a set: ${Object.keys(ATTRIBUTE_SETS).join(", ")}`,
      "all",
    )
    .addOption(new Option("--table <name>", "rows of the paper's Table 3 instead").choices(["ablation"]))
    .addOption(new Option("--figure <name>", "curves of the paper's Figure 8 instead").choices(["T"]))
    .option("--guidance <g>", "in place of the manifest's edit guidance", Number)
    .addOption(
      new Option("--method <name>", "how guidance is done, in place of the manifest's").choices([
        "distilled",
        "true",
      ]),
    )
    .option("--structuring <t>", "structuring steps T", Number, 3)
    .option("--steps <n>", "steps N of each pass", whole, 30)
    .option("--threads <n>", "threads of one evaluation", whole)
    .option("--model <manifest>", "model to judge", MINI)
    .parse()
    .opts<BenchOptions>();
}

export function variantsOf({ table, figure }: BenchOptions): readonly Variant[] {
  if (table === "ablation") return TABLE_3;
  return figure === "T" ? FIGURE_T : PUBLISHED;
}

export function attributesOf({ attributes }: BenchOptions): readonly string[] {
  return ATTRIBUTE_SETS[attributes] ?? attributes.split(",");
}
