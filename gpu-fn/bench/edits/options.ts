import { join } from "node:path";
import { type Command, Option } from "commander";
import { projectCommand } from "../../src/cli/command.ts";
import { number, whole } from "../../src/cli/numbers.ts";
import { InputError } from "../../src/errors.ts";
import { ATTRIBUTE_SETS } from "./attributes.ts";
import { STUDIES } from "./studies/studies.ts";
import { FIGURES, TABLES } from "./tables.ts";

/** Files of networks that the user has; what needs them is absent without. */
export interface NetworkOptions {
  clipImage?: string;
  clipText?: string;
  clipTokenizer?: string;
  lpips?: string;
  arcface?: string;
  faceFeature?: string;
}

/** Photos in place of renders: a part of a split, on which truths are drawn, or a folder of labelled ones. */
export interface PhotoOptions {
  photos?: string;
  labels?: string;
  masks?: string;
  landmarks?: string;
  classifier?: string;
}

export interface BenchOptions extends NetworkOptions, PhotoOptions {
  seed: number;
  perAttribute: number;
  out?: string;
  attributes: string;
  table?: string;
  figure?: string;
  results: string[];
  export?: string;
  guidance?: number;
  method?: "distilled" | "true";
  structuring: number;
  steps: number;
  threads?: number;
  model: string;
}

const MINI = join(import.meta.dirname, "../../models/mini/manifest.json");

/** What `--help` says of the tables and how to use it, after the options. */
function more(): string {
  const tables = [...Object.entries(TABLES), ...STUDIES.map((study) => [study.name, study] as const)];
  const lines = tables.map(([name, { about }]) => `  ${name.padEnd(18)}${about}`);
  return `
Tables:
${lines.join("\n")}

Examples:
  npm run bench:edits -- --seed 9000 --per-attribute 20 --out report.json
  npm run bench:edits -- --seed 9000 --per-attribute 3 --table ablation
  npm run bench:edits -- --seed 9000 --per-attribute 20 --export cases   # then, with another editor's answers:
  npm run bench:edits -- --seed 9000 --per-attribute 20 --results answers/instruct-pix2pix
  npm run bench:edits -- --photos ../shared/photos/test
  npm run bench:edits -- --seed 1 --per-attribute 100 --photos CelebA-HQ --labels list_attr_celeba.txt --model …/manifest.json`;
}

/** The command line of `npm run bench:edits`; it refuses options that do not go together. */
export function benchCommand(run: (options: BenchOptions) => Promise<void>): Command {
  return projectCommand(
    "bench:edits",
    "Edit held-out portraits and judge the results. Training uses no seed below 99000.",
  )
    .option("--seed <s>", "first of the portraits (or rows of --labels) to choose from", whole(0))
    .option("--per-attribute <k>", "edits an attribute", whole(1), 4)
    .option("--out <file>", "write a summary as JSON here, and the contact sheet beside it as .jpg")
    .option(
      "--attributes <names>",
      `comma-separated, or a set: ${Object.keys(ATTRIBUTE_SETS).join(", ")}`,
      "celeba",
    )
    .addOption(
      new Option("--table <name>", "another table than the method's own (see below)").choices([
        ...Object.keys(TABLES),
        ...STUDIES.map(({ name }) => name),
      ]),
    )
    .addOption(new Option("--figure <name>", "curves of the paper's Figure 8").choices(Object.keys(FIGURES)))
    .option("--results <dirs...>", "judge other editors' pictures: DIR/<attribute>/<seed>.png", [])
    .option("--export <dir>", "write the cases for other editors and end")
    .option("--guidance <g>", "in place of the manifest's edit guidance", number)
    .addOption(
      new Option("--method <name>", "how guidance is done, in place of the manifest's").choices([
        "distilled",
        "true",
      ]),
    )
    .option("--structuring <t>", "structuring steps T", whole(0), 3)
    .option("--steps <n>", "steps N of each pass", whole(1), 30)
    .option("--threads <n>", "threads of one evaluation", whole(1))
    .option("--model <manifest>", "model to judge", MINI)
    .option(
      "--photos <dir>",
      "photos in place of renders: FOLDER/PART of its split.json, or any with --labels",
    )
    .option("--labels <file>", "attributes of a folder of photos: CelebA's list, or CSV")
    .option("--masks <dir>", "true regions of the photos: DIR/<photo>/<region>.png")
    .option("--landmarks <file>", "five points a face: CelebA's list, or CSV")
    .option("--classifier <onnx>", "names the photos' attributes; its description lies beside it as .json")
    .option("--clip-image <onnx>", "CLIP score and directional CLIP, with the next two")
    .option("--clip-text <onnx>", "CLIP's text tower")
    .option("--clip-tokenizer <json>", "CLIP's tokenizer.json")
    .option("--lpips <onnx>", "LPIPS")
    .option("--arcface <onnx>", "ArcFace identity")
    .option("--face-feature <onnx>", "identity by fr_feature.onnx")
    .addHelpText("after", more)
    .action((given: Omit<BenchOptions, "seed"> & { readonly seed?: number }) => {
      const { photos, labels, table, figure, seed } = given;
      if (photos === undefined && labels !== undefined)
        throw new InputError("option_invalid", "--labels are of --photos");
      if (labels !== undefined && (table ?? figure) !== undefined)
        throw new InputError("option_invalid", "tables and figures need truths: leave --labels away");
      if (seed === undefined && (photos === undefined || labels !== undefined))
        throw new InputError("option_invalid", "--seed says which portraits: 9000 is held out");
      const study = STUDIES.find(({ name }) => name === table);
      const drawn = photos !== undefined && labels === undefined;
      if (drawn && study !== undefined && !study.of?.includes("photos"))
        throw new InputError("option_invalid", `${table} is about drawings: leave --photos away`);
      if (drawn && (given.export !== undefined || given.results.length > 0))
        throw new InputError(
          "option_invalid",
          "--export and --results are about drawings and labelled photos",
        );
      if (!drawn && table === "removal")
        throw new InputError("option_invalid", "removal is about photos: give --photos FOLDER/PART");
      return run({ ...given, seed: seed ?? 0 });
    });
}

export function attributesOf({ attributes }: BenchOptions): readonly string[] {
  return ATTRIBUTE_SETS[attributes] ?? attributes.split(",");
}
