import { judgeWords } from "../../../shared/moderation/prompt.ts";
import type { Settings } from "../env.ts";
import { refusedBy } from "../problem.ts";
import { moderationIn } from "./deployment.ts";

/**
 * Refuses prompts before anything is stored, held or sent to a GPU. Checks each prompt of a request as given, the
 * source prompt too.
 * @throws Refusal `moderated` that names the policy, but not what it found
 */
export async function refuseWords(settings: Settings, prompts: readonly string[]): Promise<void> {
  const verdict = await judgeWords(prompts, moderationIn(settings));
  if (verdict !== null) throw refusedBy({ code: "moderated", ...verdict });
}
