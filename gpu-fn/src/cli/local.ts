import { createHash } from "node:crypto";
import { z } from "zod";
import { moderationWarning } from "../../../shared/moderation/settings.ts";
import type { Progress } from "../../../shared/progress.ts";
import { requireChange } from "../edit/changed.ts";
import { openEngine } from "../engine/engine.ts";
import { contradiction, engineOptions, engineSettings } from "../engine/settings.ts";
import { InputError } from "../errors.ts";
import { encodeGrey, encodePhoto } from "../image/encode.ts";
import { coverageOf } from "../image/grey.ts";
import { refuse } from "../moderation/error.ts";
import { type Moderator, openModerator } from "../moderation/moderator.ts";
import { MINI, moderationFor, moderatorSettings, needsWeights } from "../moderation/settings.ts";
import { fetchModeration } from "../moderation/weights.ts";
import type { Editor } from "./editor.ts";

/** A phase in the words of who waits. */
export const DOING: Readonly<Record<Progress["phase"], string>> = {
  load: "loading",
  encode: "encoding",
  locate: "locating",
  inversion: "inverting",
  edit: "editing",
  decode: "decoding",
};

/**
 * Edits on this machine, under the same policies of moderation as a server.
 * @throws WeightsError where files of the model or of the policies are missing or damaged; InputError for wrong variables
 */
export async function openLocal(manifest: string = MINI): Promise<Editor> {
  const settings = settingsOf(process.env);
  const moderator = await openPolicies(manifest, settings);
  const engine = await openEngine(manifest, engineOptions(settings)).catch(async (error: unknown) => {
    await moderator.close();
    throw error;
  });
  return {
    async edit({ wanted, photo, mask, format, again }, { signal, onAdvance }) {
      refuse(await moderator.prompts([wanted.prompt, ...wanted.locate, wanted.sourcePrompt]));
      refuse(await moderator.photo(photo.bytes));
      const scope = again && createHash("sha256").update(photo.bytes).digest("hex");
      const result = await engine.edit(
        { ...wanted, photo, ...(mask && { mask }), ...(scope && { inversionScope: scope }) },
        {
          signal,
          onProgress: ({ phase, evaluations, planned }) =>
            onAdvance({ doing: DOING[phase], done: evaluations, total: planned }),
        },
      );
      requireChange(result);
      refuse(await moderator.result(result.edited));
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
    async close() {
      await engine.close();
      await moderator.close();
    },
  };
}

const settingsSchema = z.object({ ...engineSettings, ...moderatorSettings });

type Settings = z.output<typeof settingsSchema>;

/** The environment, as a server reads it. @throws InputError for a variable that is wrong */
function settingsOf(environment: NodeJS.ProcessEnv): Settings {
  const { success, data, error } = settingsSchema.safeParse(environment);
  const [issue] = error?.issues ?? [];
  const wrong = success ? contradiction(data) : `${issue?.path.join(".")}: ${issue?.message}`;
  if (data === undefined || wrong !== null) throw new InputError("option_invalid", wrong ?? "");
  return data;
}

/** The policies as the environment has them; what is turned off is said. */
async function openPolicies(manifest: string, settings: Settings): Promise<Moderator> {
  const moderation = moderationFor(settings, manifest);
  const { MODERATION_WEIGHTS: folder } = settings;
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const warning = moderationWarning(moderation);
  if (warning !== null) say(warning);
  if (needsWeights(moderation)) await fetchModeration(folder, say);
  return openModerator(moderation, folder);
}
