import { attributesOf } from "../../../shared/attributes.ts";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { MODELS } from "../../../shared/models.ts";
import { judgeWords } from "../../../shared/moderation/prompt.ts";
import { DEFAULT_MODERATION } from "../../../shared/moderation/settings.ts";
import { presetsOf } from "../../../shared/presets.ts";
import { DEFAULT_SOURCE_PROMPT } from "../../../shared/prompt.ts";
import { requireChange } from "../../src/edit/visible-change.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { InputError } from "../../src/errors.ts";

export interface Outcome {
  /** How the prompt was read and what was left out; empty if it was read as it is. */
  readonly read: string;
  /** Whether credits are charged. */
  readonly charged: boolean;
  readonly says: string;
}

/** What comes of a prompt on a photo, as the product edits it with the preset `fast`. */
export async function outcomeOf(engine: Engine, bytes: Uint8Array, prompt: string): Promise<Outcome> {
  const refused = await judgeWords([prompt], DEFAULT_MODERATION);
  if (refused !== null) return { read: "", charged: false, says: refused.detail };
  try {
    const result = await engine.edit({
      photo: { bytes },
      prompt,
      locate: attributesOf(prompt),
      sourcePrompt: DEFAULT_SOURCE_PROMPT,
      maskOptions: maskOptionsSchema.parse({}),
      schedule: presetsOf(MODELS.mini.fastSteps).fast,
      composite: "paste-back",
    });
    const read = [result.readAs ?? "", ...result.warnings].filter((line) => line !== "").join("; ");
    const seen = `edited: ${(100 * result.changed).toFixed(0)} % of the region is seen to change`;
    try {
      requireChange(result);
      return { read, charged: true, says: seen };
    } catch (error) {
      return { read, charged: false, says: messageOf(error) };
    }
  } catch (error) {
    return { read: "", charged: false, says: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof InputError)) throw error;
  return `${error.code === "unchanged" ? "unchanged" : "refused"}: ${error.message}`;
}
