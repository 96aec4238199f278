import { ATTRIBUTES_MAX, attributesOf, fitsOnePrompt, joinPrompts } from "../../../../shared/attributes.ts";
import { promptSchema } from "../../../../shared/prompt.ts";

/** What the photo shows before the edit: the source prompt is "a" and this word. */
export const SUBJECTS = ["person", "woman", "man"] as const;

export type Subject = (typeof SUBJECTS)[number];

export interface Wanted {
  readonly subject: Subject;
  /** Phrases of one attribute each: "wearing glasses", "smiling". */
  readonly attributes: readonly string[];
}

const OPENING = /^an?\s+(?:photo|portrait|picture)\s+of\s+(?=an?\s)|^/i;
const SUBJECT = new RegExp(`^an?\\s+(${SUBJECTS.join("|")})\\b[\\s,.]*`, "i");

/**
 * What somebody typed, as chips: "a woman wearing glasses and with red lipstick" is two attributes of a woman.
 * @returns `subject` null if the words name none
 */
export function typed(text: string): { subject: Subject | null; attributes: string[] } {
  const words = text.trim().replace(/\s+/g, " ").replace(OPENING, "");
  const [named = "", subject] = SUBJECT.exec(words) ?? [];
  const rest = words.slice(named.length).replace(/[.,;\s]+$/, "");
  return {
    subject: subject === undefined ? null : (subject.toLowerCase() as Subject),
    attributes: rest === "" ? [] : attributesOf(rest),
  };
}

/** Adds attributes that are not there yet. */
export function withAttributes(known: readonly string[], added: readonly string[]): readonly string[] {
  const has = new Set(known.map((attribute) => attribute.toLowerCase()));
  return [...known, ...added.filter((attribute) => !has.has(attribute.toLowerCase()))];
}

export const sourcePromptOf = (subject: Subject) => `a ${subject}`;

/**
 * The attributes as the API takes them, each located apart: the first names the subject, the others follow it, so that
 * together they read as one sentence. A single word stands before the noun: "a smiling woman".
 */
export function promptsOf({ subject, attributes }: Wanted): string[] {
  const [lead, ...others] = [...attributes].sort((a, b) => Number(isOneWord(b)) - Number(isOneWord(a)));
  if (lead === undefined) return [];
  const article = /^[aeiou]/i.test(lead) ? "an" : "a";
  return [isOneWord(lead) ? `${article} ${lead} ${subject}` : `a ${subject} ${lead}`, ...others];
}

const isOneWord = (attribute: string) => !/\s/.test(attribute);

/** The sentence the model reads. */
export const sentenceOf = (wanted: Wanted) => joinPrompts(promptsOf(wanted));

/** Why this cannot be asked for, for people, or null if it can. */
export function wordsFault(wanted: Wanted): string | null {
  const prompts = promptsOf(wanted);
  if (prompts.length > ATTRIBUTES_MAX) return `Up to ${ATTRIBUTES_MAX} changes fit one edit.`;
  if (!fitsOnePrompt(prompts)) return "These words are too long together: 500 characters fit one edit.";
  for (const prompt of prompts) {
    const { success, error } = promptSchema.safeParse(prompt);
    if (!success) return `${sentence(error.issues[0]?.message ?? "This cannot be read")}.`;
  }
  return null;
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
