import { createHash } from "node:crypto";
import { z } from "zod";
import { judgeWords } from "../../../shared/moderation/prompt.ts";
import { type Moderation, moderationWarning } from "../../../shared/moderation/settings.ts";
import { presetsOf } from "../../../shared/presets.ts";
import type { Progress } from "../../../shared/progress.ts";
import { requireChange } from "../edit/visible-change.ts";
import { openEngine } from "../engine/engine.ts";
import { contradiction, engineOptions, engineSettings } from "../engine/settings.ts";
import { InputError } from "../errors.ts";
import { encodeGrey, encodePhoto } from "../image/encode.ts";
import { coverageOf } from "../image/grey.ts";
import { readManifest } from "../manifest/manifest.ts";
import { refuse } from "../moderation/error.ts";
import { MINI, moderationFor, moderatorSettings } from "../moderation/settings.ts";
import type { Presets } from "./edit-settings.ts";
import type { Editor } from "./editor.ts";

/** Each phase in words for the person who waits. */
export const DOING: Readonly<Record<Progress["phase"], string>> = {
  load: "loading",
  encode: "encoding",
  locate: "locating",
  inversion: "inverting",
  edit: "editing",
  decode: "decoding",
};

/** The presets of a model on this machine. @throws WeightsError if its manifest is missing or wrong */
export async function localPresets(manifest: string = MINI): Promise<Presets> {
  return presetsOf((await readManifest(manifest)).schedule.fast_steps);
}

/**
 * Edits on this machine. Of the moderation policies only the word policies apply, as at a server's edge. They need no
 * network, so the first edit downloads nothing. Only servers judge what pictures show and what sentences mean.
 * @throws WeightsError if files of the model are missing or damaged; InputError for wrong variables
 */
export async function openLocal(manifest: string = MINI): Promise<Editor> {
  const variables = settingsOf(process.env);
  const moderation = policiesIn(manifest, variables);
  const engine = await openEngine(manifest, engineOptions(variables));
  return {
    async edit({ settings, photo, mask, format, again }, { signal, onAdvance }) {
      refuse(await judgeWords([settings.prompt, ...settings.locate, settings.sourcePrompt], moderation));
      const scope = again && createHash("sha256").update(photo.bytes).digest("hex");
      const result = await engine.edit(
        { ...settings, photo, ...(mask && { mask }), ...(scope && { inversionScope: scope }) },
        {
          signal,
          onProgress: ({ phase, evaluations, planned }) =>
            onAdvance({ doing: DOING[phase], done: evaluations, total: planned }),
        },
      );
      requireChange(result);
      const { source, edited, preservation, evaluations, timings } = result;
      const { width, height } = source;
      return {
        image: await encodePhoto(edited, format),
        width: edited.width,
        height: edited.height,
        mask: await encodeGrey(result.mask, width, height),
        coverage: coverageOf({ width, height, data: result.mask }),
        preservation: preservation && {
          psnr_outside_db: preservation.psnrOutsideDb,
          ssim_outside: preservation.ssimOutside,
        },
        evaluations,
        readAs: result.readAs,
        warnings: result.warnings,
        seconds: Object.values(timings).reduce((sum, ms) => sum + ms, 0) / 1000,
        editId: null,
        credits: null,
        panels: async () => result,
      };
    },
    close: () => engine.close(),
  };
}

const settingsSchema = z.object({ ...engineSettings, ...moderatorSettings });

type Settings = z.output<typeof settingsSchema>;

/** Reads the environment as a server does. @throws InputError for an invalid variable */
function settingsOf(environment: NodeJS.ProcessEnv): Settings {
  const { success, data, error } = settingsSchema.safeParse(environment);
  const [issue] = error?.issues ?? [];
  const wrong = success ? contradiction(data) : `${issue?.path.join(".")}: ${issue?.message}`;
  if (data === undefined || wrong !== null) throw new InputError("option_invalid", wrong ?? "");
  return data;
}

/** The policies set by the environment; those that are off are reported. */
function policiesIn(manifest: string, settings: Settings): Moderation {
  const moderation = moderationFor(settings, manifest);
  const warning = moderationWarning(moderation);
  if (warning !== null) process.stderr.write(`${warning}\n`);
  return moderation;
}
