import { judgeWords } from "../../../shared/moderation/prompt.ts";
import type { Settings } from "../env.ts";
import { refusedBy } from "../problem.ts";
import { moderationIn } from "./deployment.ts";

/**
 * Refuses words before anything is stored, held or asked of a GPU. Each prompt of a request as it was given, the source
 * prompt as well.
 * @throws Refusal `moderated` that names the policy, and nothing of what it found
 */
export async function refuseWords(settings: Settings, prompts: readonly string[]): Promise<void> {
  const verdict = await judgeWords(prompts, moderationIn(settings));
  if (verdict !== null) throw refusedBy({ code: "moderated", ...verdict });
}
