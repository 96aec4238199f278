import { join } from "node:path";
import { readVocabulary, wordsOf } from "../words/vocabulary.ts";

/** The words that describe portraits: the embedded model's vocabulary, whichever model is served. */
const FILE = join(import.meta.dirname, "../../models/mini/vocabulary.json");

/** Words that mean something else in other contexts: "a bare person, all uncovered". */
const AMBIGUOUS = "baby bare bared covered covering covers dyke nude off remove sensual uncovered".split(" ");

/** The contexts in which they are harmless. */
const COMPOUNDS =
  /\b(?:baby[ -](?:faced?|bangs|hairs?)|(?:bare|covered|uncovered) forehead|covering the forehead|nude (?:lips|lipstick)|sensual lips|van dyke beard|remove the (?:beard|glasses|makeup|lipstick|bangs|double chin)|take off the glasses|bared teeth|nodding off|kept awake by a baby)\b/gi;

/** Whether a text consists only of portrait words. */
export type Plain = (text: string) => boolean;

export async function openPortraitWords(): Promise<Plain> {
  const { words } = await readVocabulary(FILE);
  const plain = new Set(words);
  for (const word of AMBIGUOUS) plain.delete(word);
  return (text) => wordsOf(text.replace(COMPOUNDS, " ")).every((word) => plain.has(word));
}

/** Where a clause ends: at a mark, or before a word that adds something. */
const NEXT_CLAUSE = /(\s*[,;]\s*|\s+(?=(?:with|wearing|having|and|in)\b))/i;

/**
 * The part of a prompt that is compared with examples: its first clause, which says who it is about, and the clauses with
 * other words. Portrait words have only one sense here, which is harmless: "dilated eye pupils" has nothing to do with
 * "a pupil in primary school", and eight such words in a row come close to anything. Nor may they dilute the sense of
 * the rest: of prompts that are refused, "… with long red hair" let one in ten pass.
 * @returns null if the prompt consists only of portrait words
 */
export function comparedOf(prompt: string, plain: Plain): string | null {
  if (plain(prompt)) return null;
  const [first = "", ...rest] = prompt.split(NEXT_CLAUSE);
  // each mark is followed by its clause
  return rest.reduce(
    (kept, clause, i) => (i % 2 === 0 || plain(clause) ? kept : kept + rest[i - 1] + clause),
    first,
  );
}
