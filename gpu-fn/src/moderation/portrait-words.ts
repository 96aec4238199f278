import { join } from "node:path";
import { readVocabulary, wordsOf } from "../words/vocabulary.ts";

/** The words that portraits are described with: the embedded model's, whichever model is served. */
const FILE = join(import.meta.dirname, "../../models/mini/vocabulary.json");

/** Those that mean something else in other company: "a bare person, all uncovered". */
const AMBIGUOUS = "baby bare bared covered covering covers dyke nude off remove sensual uncovered".split(" ");

/** The company in which they are harmless. */
const COMPOUNDS =
  /\b(?:baby[ -](?:faced?|bangs|hairs?)|(?:bare|covered|uncovered) forehead|covering the forehead|nude (?:lips|lipstick)|sensual lips|van dyke beard|remove the (?:beard|glasses|makeup|lipstick|bangs|double chin)|take off the glasses|bared teeth|nodding off|kept awake by a baby)\b/gi;

/** Whether a text has portrait words alone. */
export type Plain = (text: string) => boolean;

export async function openPortraitWords(): Promise<Plain> {
  const { words } = await readVocabulary(FILE);
  const plain = new Set(words);
  for (const word of AMBIGUOUS) plain.delete(word);
  return (text) => wordsOf(text.replace(COMPOUNDS, " ")).every((word) => plain.has(word));
}

/**
 * What of a prompt is compared with examples: its first clause, which says who it is about, and those that have other
 * words. Portrait words have no sense but their own, and all of them are harmless: "dilated eye pupils" is not near to
 * "a pupil in primary school", and eight of them in a row are near to anything.
 * @returns null if the prompt has portrait words alone
 */
export function comparedOf(prompt: string, plain: Plain): string | null {
  if (plain(prompt)) return null;
  return prompt
    .split(/[,;]/)
    .filter((clause, i) => i === 0 || !plain(clause))
    .join(",");
}
