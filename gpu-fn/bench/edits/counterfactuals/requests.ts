/** Requests as people type them, from the words of a drawn attribute. */
import { attributesOf } from "../../../../shared/attributes.ts";
import { DEFAULT_SOURCE_PROMPT } from "../../../../shared/prompt.ts";
import { readRequest, type Taught } from "../../../src/words/reader.ts";

/** "with a full beard" as the playground suggests it, "a full beard", "a person with a full beard". */
const FORMS: readonly ((words: string) => string)[] = [
  (words) => words,
  (words) => words.replace(/^(?:with|wearing) /, ""),
  (words) => `a person ${words}`,
];

/** One of the ways to ask for what the words say; the same number always asks in the same way. */
export function requestOf(words: readonly string[], number: number): string {
  const form = FORMS[number % FORMS.length] as (typeof FORMS)[number];
  return form(words[Math.floor(number / FORMS.length) % words.length] as string);
}

/** Several at once, in one sentence. */
export function joined(words: readonly string[]): string {
  const [last, ...others] = [...words].reverse();
  return others.length === 0 ? `a person ${last}` : `a person ${others.reverse().join(", ")} and ${last}`;
}

/** A request as the product reads it before the model does. */
export async function asRead(request: string, taught: Taught | null) {
  const sourcePrompt = DEFAULT_SOURCE_PROMPT;
  const wording = { prompt: request, locate: attributesOf(request) };
  const { prompt, locate } = await readRequest(wording, { source: sourcePrompt, masked: false }, taught);
  return { sourcePrompt, targetPrompt: prompt, locate };
}
