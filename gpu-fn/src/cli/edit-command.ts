import { type Command, Option } from "commander";
import { IMAGE_FORMATS, type ImageFormat } from "../../../shared/image.ts";
import type { FaceChoice } from "../../../shared/mask.ts";
import { PRESETS, type PresetName } from "../../../shared/presets.ts";
import { SOLVERS, type SolverName } from "../../../shared/solvers.ts";
import { projectCommand } from "./command.ts";
import { faceChoice, number } from "./numbers.ts";

export interface EditOptions {
  readonly also: readonly string[];
  readonly source?: string;
  readonly mask?: string;
  readonly face?: FaceChoice;
  readonly maskOut?: string;
  readonly grid?: string;
  readonly out?: string;
  readonly format?: ImageFormat;
  readonly json?: boolean;
  readonly api?: string;
  readonly model?: string;
  readonly preset?: PresetName;
  readonly steps?: number;
  readonly structuring?: number;
  readonly solver?: SolverName;
  readonly blocks?: number;
  readonly guidance?: number;
  readonly trueGuidance?: boolean;
  readonly grow?: number;
  readonly feather?: number;
  readonly threshold?: number;
  readonly invert?: boolean;
  readonly paste: boolean;
}

export interface EditCommand {
  /** Files, folders and globs as typed, at least one. */
  readonly named: readonly string[];
  readonly prompt: string;
  readonly options: EditOptions;
}

const EXAMPLES = `
Examples:
  npm run edit -- gpu-fn/examples/portrait-01.png "a person wearing glasses"
  npm run edit -- me.jpg "a man with a beard" --source "a man." --grid before-after.png
  npm run edit -- me.jpg "a man with a beard" --also "a man wearing glasses" --also "a man smiling" --preset fast
  npm run edit -- me.jpg "red lipstick" --mask lips.png --structuring 5 --out lips.webp
  npm run edit -- friends.jpg "a person with a beard" --face 1
  npm run edit -- portraits/ "shoulders/*.{jpg,png}" "a person with grey hair" --out grey --mask-out masks
  npm run -s edit -- portraits/ "a person smiling" --out smiles --json > smiles.ndjson
  FLUX_API_KEY=sk_… npm run edit -- me.jpg "a man with a beard" --api https://flux-sculptor.example.com
  npm run edit -- me.jpg "a man with a beard" --api "https://flux-sculptor.example.com/v1/edits?token=…"

Several photos:
  Folders give the photos in them, globs (in quotes) what matches; earlier results, *.edited.*, are left out of both.
  --out, --mask-out and --grid then name folders, which are created if missing; files are named
  PHOTO.edited.png, PHOTO.mask.png and PHOTO.grid.png. If one photo fails, the others are still edited.

Several prompts:
  Each --also gives another, numbered result: PHOTO.edited.2.png. Without --api, all share the photo's inversion.

Output:
  One line for each edit on stdout; with --json one object, also for failed edits: photo, prompt, status, out, mask_out, grid,
  width, height, coverage, preservation, evaluations, seconds, edit_id, credits, error {code, message}.
  Progress and errors are on stderr, and the bar is only drawn on a terminal.

Exit codes, for the first edit that failed:
  0    all edited
  1    an edit failed, on this machine or on the server
  2    the command, a photo, a mask or a prompt is refused
  3    the model's files are missing or damaged
  4    the server cannot be reached, is too busy, or refuses the key, the token or the payment
  130  cancelled with Ctrl-C`;

/** The command line of `npm run edit`, read by commander; it prints help and usage errors itself. */
export function editCommand(run: (command: EditCommand) => Promise<void>): Command {
  return projectCommand(
    "edit",
    "Edit portraits by saying what they should show. Only the region the prompt names changes.",
  )
    .usage('PHOTO… "PROMPT" [options]')
    .argument(
      "<photos...>",
      "files, folders or globs of JPEG, PNG, WebP or AVIF, from 64 px a side to 25 megapixels; then the prompt: " +
        'what the edited portrait shows, for example "a woman wearing glasses"',
    )
    .option(
      "--also <prompt>",
      "another edit of the same photos, without another inversion; can be repeated",
      (prompt: string, before: readonly string[]) => [...before, prompt],
      [],
    )
    .option("--source <text>", 'what the photo shows now (default: "a person.")')
    .option("--mask <file>", "edit this region instead of the located one: white is edited, the photo's size")
    .addOption(
      new Option(
        "--face <n|x,y>",
        "which of several faces to edit: its number (0 is the largest near the middle), or a point on it in pixels",
      )
        .argParser(faceChoice)
        .conflicts("mask"),
    )
    .option("--mask-out <file>", "write the paste-back mask: 8-bit grey, white is edited")
    .option("--grid <file>", "write source, mask and result side by side")
    .option("--out <file>", "where to write (default: beside the photo, PHOTO.edited.png)")
    .addOption(new Option("--format <name>", "format of results without a given name").choices(IMAGE_FORMATS))
    .option("--json", "print one line of JSON for each edit")
    .option("--api <url>", "edit on this server; the key is in FLUX_API_KEY, or a token in the URL")
    .addOption(
      new Option("--schedule, --preset <name>", "a named schedule (default: paper)").choices(
        Object.keys(PRESETS),
      ),
    )
    .option("--steps <n>", "steps N of each pass, 1 to 60 (default: the preset's, 30)", number)
    .option(
      "--structuring <t>",
      "the first T edit steps fix the structure, 0 to N (default: the preset's, 3)",
      number,
    )
    .addOption(new Option("--solver <name>", "solver of both passes (default: rf-solver-2)").choices(SOLVERS))
    .option("--blocks <m>", "blocks whose attention values are fused (default: the model's)", number)
    .option("--guidance <g>", "strength of the prompt (default: the model's)", number)
    .option("--true-guidance", "follow the prompt more strongly, with a second evaluation in each step")
    .option("--grow <share>", "grow the mask by a share of the shorter side, 0 to 0.25", number)
    .option("--feather <share>", "soften the mask's edge by a share of the shorter side, 0 to 0.25", number)
    .option("--threshold <level>", "cut the mask at this level, between 0 and 1", number)
    .option("--invert", "edit outside the mask instead")
    .option("--no-paste", "write the model's whole picture instead of pasting the edit into the photo")
    .addOption(new Option("--model <manifest>", "another model's manifest.json").conflicts("api"))
    .addHelpText("after", EXAMPLES)
    .action((words: string[], options: EditOptions, command: Command) => {
      if (words.length < 2) command.error("error: missing the prompt, which comes after the photos");
      return run({ named: words.slice(0, -1), prompt: words.at(-1) as string, options });
    });
}
