/** Rewrites a request in words that the model was taught, before PASL and the transformer see it. */
import { joinPrompts } from "../../../shared/attributes.ts";
import { isForeign } from "../../../shared/prompt.ts";
import type { Removal } from "../edit/request.ts";
import { InputError } from "../errors.ts";
import { type Asked, askedOf } from "./absence.ts";
import type { Clause } from "./clause.ts";
import { contentOf, phraseWithin } from "./content.ts";
import { onFace } from "./on-face.ts";
import type { Taught } from "./taught.ts";
import { inTaughtWords, isTaught } from "./taught-words.ts";
import { ADDS, apart, without } from "./without.ts";

export type { Taught } from "./taught.ts";

/** A request's words. */
export interface Wording {
  readonly prompt: string;
  /** The attributes one by one, at least one. */
  readonly locate: readonly string[];
}

export interface Reading extends Wording {
  /** The words in `locate` as the request gave them, in the same order. */
  readonly asked: readonly string[];
  /** What the model reads in place of the request's prompt; null if it reads the prompt itself. */
  readonly readAs: string | null;
  /** What was left out and why, one sentence each. */
  readonly warnings: readonly string[];
  /** Whether the transformer was trained on all of the words. */
  readonly familiar: boolean;
  /** What is to be removed, if the request is about nothing else and the model can see whether it is there. */
  readonly removal?: Removal | undefined;
}

/** Context of a request's words. */
export interface Around {
  /** The source prompt. */
  readonly source: string;
  /** Whether a mask gives the region, so that the words need not name one. */
  readonly masked: boolean;
}

/**
 * Reads a request. Without `taught` (models whose text encoders know the language), only removals and things that should
 * stay are reworded to describe the result. What is not on a face is left out unless a mask gives the region.
 * @throws InputError `prompt_invalid` if nothing is left to change, or a prompt is longer than the model can read
 */
export async function readRequest(
  wording: Wording,
  { source, masked }: Around,
  taught: Taught | null,
): Promise<Reading> {
  if (taught === null && isForeign(wording.prompt))
    throw new InputError("prompt_invalid", "this model reads English, in Latin letters");
  const clauses: Clause[] = [];
  let removing = false;
  for (const asked of wording.locate.flatMap(apart)) {
    const found = askedOf(asked);
    // "remove the glasses and the beard": the second thing is to be removed as well
    const goes: boolean = removing && found === null && !ADDS.test(asked);
    removing = goes || (found?.kind === "absent" && found.verb);
    const gone: Asked | null = goes
      ? { kind: "absent", subject: null, things: [asked.replace(/^(?:the|her|his|an?) /i, "")], verb: true }
      : found;
    // what is left out does not name whom the rest is about
    const subject = clauses.every(({ text }) => text === null) ? source : null;
    if (gone?.kind === "kept") clauses.push(stays(asked));
    else if (gone !== null) clauses.push(...(await without(asked, gone, subject, { taught, masked })));
    else
      clauses.push(
        ...(taught
          ? await inTaughtWords(asked, subject, taught)
          : [masked ? { asked, text: asked } : onFace(asked)]),
      );
  }
  return assembled(wording, clauses, taught);
}

const stays = (asked: string): Clause => ({
  asked,
  text: null,
  warning: `"${asked}" was left out: whatever is not asked for stays`,
});

function assembled(wording: Wording, clauses: readonly Clause[], taught: Taught | null): Reading {
  const warnings = clauses.flatMap(({ warning }) => warning ?? []);
  const kept = clauses.flatMap(({ text, ...clause }) => (text === null ? [] : [{ ...clause, text }]));
  const same = warnings.length === 0 && clauses.every(({ asked, text }) => asked === text);
  const promptOf = () =>
    same && kept.length === clauses.length ? wording.prompt : joinPrompts(kept.map(({ text }) => text));
  while (taught && kept.length > 1 && taught.tokens(promptOf()) > taught.limit) {
    const { asked } = kept.pop() as Clause;
    warnings.push(`"${asked}" was left out: this model reads ${taught.limit} tokens`);
  }
  if (kept.length === 0)
    throw new InputError("prompt_invalid", `there is nothing to change: ${warnings.join("; ")}`);
  const prompt = promptOf();
  if (taught && taught.tokens(prompt) > taught.limit)
    throw new InputError(
      "prompt_invalid",
      `the prompt has ${taught.tokens(prompt)} tokens and this model reads ${taught.limit}: shorten it, or make several edits`,
    );
  return {
    prompt,
    locate: kept.map(({ text }) => text),
    asked: kept.map(({ asked }) => asked),
    readAs: prompt === wording.prompt ? null : prompt,
    warnings,
    familiar: taught === null || kept.every(({ text }) => isFamiliar(text, taught)),
    removal: taught !== null && kept.length === 1 ? kept[0]?.removal : undefined,
  };
}

/** Whether a text says only what the transformer was trained on, and that of a thing that it knows so. */
function isFamiliar(text: string, { vocabulary }: Taught): boolean {
  const content = contentOf(text);
  if (!isTaught(content, vocabulary)) return false;
  return content.length === 0 || phraseWithin(content, vocabulary) !== null;
}
