import { Command, InvalidArgumentError } from "commander";
import type { z } from "zod";
import { attributesOf } from "../../../shared/attributes.ts";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { promptSchema, sourcePromptSchema } from "../../../shared/prompt.ts";
import { ablationSchema, scheduleSchema } from "../../../shared/schedule.ts";
import { type InputCode, InputError } from "../errors.ts";

export interface EditCommand {
  readonly photo: string;
  readonly prompt: string;
  readonly options: {
    readonly source?: string;
    readonly mask?: string;
    readonly maskOut?: string;
    readonly grid?: string;
    readonly out?: string;
    readonly model?: string;
    readonly steps?: number;
    readonly structuring?: number;
    readonly blocks?: number;
    readonly guidance?: number;
    readonly trueGuidance?: boolean;
    readonly grow?: number;
    readonly feather?: number;
    readonly threshold?: number;
    readonly invert?: boolean;
    readonly paste: boolean;
  };
}

const EXAMPLES = `
Examples:
  npm run edit -- gpu-fn/examples/portrait-01.png "a person wearing glasses"
  npm run edit -- me.jpg "a man with a beard" --source "a man." --grid before-after.png
  npm run edit -- me.jpg "red lipstick" --mask lips.png --structuring 5 --out lips.webp

Exit codes: 0 edited · 1 failed on our side · 2 the input is refused · 3 the model's files are missing or damaged · 130 cancelled`;

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("it is not a number.");
  return value;
}

/** The command line of `npm run edit`, read by commander; it prints help and usage errors itself. */
export function editCommand(run: (command: EditCommand) => Promise<void>): Command {
  return new Command("edit")
    .description("Edit a portrait by saying what it should show. Only the region the prompt names changes.")
    .usage('PHOTO "PROMPT" [options]')
    .argument("<photo>", "JPEG, PNG, WebP or AVIF, 64 px a side to 25 megapixels")
    .argument("<prompt>", 'what the edited portrait shows, for example "a woman wearing glasses"')
    .option("--source <text>", 'what the photo shows now (default: "a person.")')
    .option("--mask <file>", "edit this region instead of the located one: white is edited, the photo's size")
    .option("--mask-out <file>", "write the mask of the paste-back: 8-bit grey, white is edited")
    .option("--grid <file>", "write source, mask and result side by side")
    .option("--out <file>", "where to write (default: beside the photo, PHOTO.edited.png)")
    .option("--steps <n>", "steps N of each pass, 1 to 60 (default: 30)", number)
    .option("--structuring <t>", "the first T edit steps fix the structure, 0 to N (default: 3)", number)
    .option("--blocks <m>", "blocks whose attention values are fused (default: the model's)", number)
    .option("--guidance <g>", "strength of the prompt (default: the model's)", number)
    .option("--true-guidance", "follow the prompt harder, with a second evaluation a step")
    .option("--grow <share>", "grow the mask by a share of the shorter side, 0 to 0.25", number)
    .option("--feather <share>", "soften the mask's edge by a share of the shorter side, 0 to 0.25", number)
    .option("--threshold <level>", "make the mask hard at this level, between 0 and 1", number)
    .option("--invert", "edit what the mask leaves out")
    .option("--no-paste", "give the model's own picture instead of pasting the edit into the photo")
    .option("--model <manifest>", "another model's manifest.json")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(--help shows every option)")
    .exitOverride()
    .action((photo: string, prompt: string, options: EditCommand["options"]) =>
      run({ photo, prompt, options }),
    );
}

/** Checks the words and numbers of a command. @throws InputError with one line that names what is wrong */
export function parseEdit({ prompt: words, options }: EditCommand) {
  const prompt = checked("prompt_invalid", promptSchema, words);
  return {
    prompt,
    locate: attributesOf(prompt),
    sourcePrompt: checked("prompt_invalid", sourcePromptSchema, options.source, "the source prompt: "),
    schedule: checked("schedule_invalid", scheduleSchema, {
      steps: options.steps,
      // fewer steps than the default T would be refused for a number nobody gave
      structuring_steps: options.structuring ?? Math.min(3, options.steps ?? 30),
      value_blocks: options.blocks,
      guidance: { edit: options.guidance, method: options.trueGuidance ? "true" : undefined },
    }),
    maskOptions: checked("option_invalid", maskOptionsSchema, {
      invert: options.invert,
      threshold: options.threshold,
      grow: options.grow,
      feather: options.feather,
    }),
    ablation: ablationSchema.parse({}),
    composite: options.paste ? ("paste-back" as const) : ("none" as const),
  };
}

function checked<T extends z.ZodType>(code: InputCode, schema: T, value: unknown, prefix = ""): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue && issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  throw new InputError(code, `${prefix}${where}${issue?.message ?? "it is not valid"}`);
}
