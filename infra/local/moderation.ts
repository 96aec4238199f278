import { z } from "zod";
import {
  MINI,
  moderationFor,
  moderatorSettings,
  needsWeights,
} from "../../gpu-fn/src/moderation/settings.ts";
import { fetchModeration } from "../../gpu-fn/src/moderation/weights.ts";
import { moderationWarning } from "../../shared/moderation/settings.ts";

/**
 * Fetches the policies' weights before the GPU function starts, and reports which policies are off.
 * @throws Error with one line if a variable is invalid or the weights cannot be fetched
 */
export async function ensureModeration(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<void> {
  const settings = z.object(moderatorSettings).safeParse(env);
  if (!settings.success) {
    const [issue] = settings.error.issues;
    throw new Error(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const moderation = moderationFor(settings.data, MINI);
  const warning = moderationWarning(moderation);
  if (warning !== null) say(warning);
  if (needsWeights(moderation)) await fetchModeration(settings.data.MODERATION_WEIGHTS, say);
}
