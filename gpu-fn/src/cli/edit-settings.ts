import type { z } from "zod";
import { attributesOf } from "../../../shared/attributes.ts";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import type { PresetName } from "../../../shared/presets.ts";
import { promptSchema, sourcePromptSchema } from "../../../shared/prompt.ts";
import { type Schedule, scheduleSchema } from "../../../shared/schedule.ts";
import { type InputCode, InputError } from "../errors.ts";
import type { EditOptions } from "./edit-command.ts";

/** The checked options of a command, the same for every photo, for the local engine and for a server. */
export type EditSettings = ReturnType<typeof editSettings>;

/** A model's named schedules. */
export type Presets = Readonly<Record<PresetName, Schedule>>;

const DEFAULT_PRESET: PresetName = "paper";

/** Options that change a preset. */
const CHANGES = ["steps", "structuring", "solver", "blocks", "guidance", "trueGuidance"] as const;

/** The preset of a command, null if options change it. */
export function presetIn({ preset = DEFAULT_PRESET, ...options }: Partial<EditOptions>): PresetName | null {
  return CHANGES.some((name) => options[name] !== undefined) ? null : preset;
}

/**
 * Checks the words and numbers of a command.
 * @param presets of the model that edits
 * @throws InputError with one line that names what is wrong
 */
export function editSettings(words: string, options: Omit<EditOptions, "also">, presets: Presets) {
  const prompt = checked("prompt_invalid", promptSchema, words);
  return {
    prompt,
    locate: attributesOf(prompt),
    sourcePrompt: checked("prompt_invalid", sourcePromptSchema, options.source, "the source prompt: "),
    preset: presetIn(options),
    schedule: checked("schedule_invalid", scheduleSchema, scheduleOf(options, presets)),
    maskOptions: checked("option_invalid", maskOptionsSchema, {
      invert: options.invert,
      threshold: options.threshold,
      grow: options.grow,
      feather: options.feather,
    }),
    ...(options.face !== undefined && { face: options.face }),
    composite: options.paste ? ("paste-back" as const) : ("none" as const),
  };
}

/** The preset's schedule, changed by the options that were given. */
function scheduleOf(options: Omit<EditOptions, "also">, presets: Presets) {
  const { preset = DEFAULT_PRESET, steps, structuring, solver, blocks, guidance, trueGuidance } = options;
  const base = presets[preset];
  return {
    ...base,
    ...(steps !== undefined && { steps }),
    // otherwise fewer steps than the preset's T would be refused because of a number the user never gave
    structuring_steps: structuring ?? Math.min(base.structuring_steps, steps ?? base.steps),
    ...(solver !== undefined && { solver }),
    ...(blocks !== undefined && { value_blocks: blocks }),
    guidance: {
      ...base.guidance,
      ...(guidance !== undefined && { edit: guidance }),
      ...(trueGuidance && { method: "true" as const }),
    },
  };
}

function checked<T extends z.ZodType>(code: InputCode, schema: T, value: unknown, prefix = ""): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue && issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  throw new InputError(code, `${prefix}${where}${issue?.message ?? "it is not valid"}`);
}
