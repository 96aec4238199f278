import { LRUCache } from "lru-cache";
import { namesPerson } from "./names.ts";
import { PROMPT_POLICIES, type PromptPolicy, type Verdict, verdictOf } from "./policies.ts";
import type { Moderation } from "./settings.ts";
import { undone } from "./views.ts";
import { policiesOfWords } from "./words.ts";

/** Prompts are repeated: suggestions, second tries, edits in bulk. The parse for names takes about a millisecond. */
const judged = new LRUCache<string, ReadonlySet<PromptPolicy>>({ max: 1_000 });

/** The policies that a prompt breaks by its words and names, including those that a deployment has turned off. */
export async function policiesOf(text: string): Promise<ReadonlySet<PromptPolicy>> {
  const known = judged.get(text);
  if (known !== undefined) return known;
  const found = await judgedAnew(text);
  judged.set(text, found);
  return found;
}

async function judgedAnew(text: string): Promise<ReadonlySet<PromptPolicy>> {
  const found = new Set(policiesOfWords(text));
  // capitals, which indicate names, are in the prompt itself; its readings join spelled-out and separated letters
  for (const reading of new Set([text, undone(text)]))
    if (await namesPerson(reading)) found.add("prompt.real_person");
  return found;
}

/**
 * Checks the prompts of a request: each prompt, and the source prompt, which describes the photo.
 * @returns the first policy that refuses one of them, in the order of `POLICIES`; null if none does
 */
export async function judgeWords(prompts: readonly string[], { off }: Moderation): Promise<Verdict | null> {
  const broken = await Promise.all([...new Set(prompts)].map(policiesOf));
  const policy = PROMPT_POLICIES.find((name) => !off.has(name) && broken.some((found) => found.has(name)));
  return policy === undefined ? null : verdictOf(policy, "the prompt");
}
