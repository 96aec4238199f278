import { join } from "node:path";
import { readVocabulary, wordsOf } from "../words/vocabulary.ts";

/** The words that portraits are described with: the embedded model's, whichever model is served. */
const FILE = join(import.meta.dirname, "../../models/mini/vocabulary.json");

/** Those that mean something else in other company: "a bare person, all uncovered". */
const AMBIGUOUS = "baby bare bared covered covering covers dyke nude off remove sensual uncovered".split(" ");

/** The company in which they are harmless. */
const COMPOUNDS =
  /\b(?:baby[ -](?:faced?|bangs|hairs?)|(?:bare|covered|uncovered) forehead|covering the forehead|nude (?:lips|lipstick)|sensual lips|van dyke beard|remove the (?:beard|glasses|makeup|lipstick|bangs|double chin)|take off the glasses|bared teeth)\b/gi;

/**
 * Whether a prompt has portrait words alone. Such a prompt has no sense but that of its words, which are all harmless, so
 * only other prompts are compared with examples: "dilated eye pupils" is not near to "a pupil in primary school".
 */
export async function openPortraitWords(): Promise<(prompt: string) => boolean> {
  const { words } = await readVocabulary(FILE);
  const plain = new Set(words);
  for (const word of AMBIGUOUS) plain.delete(word);
  return (prompt) => wordsOf(prompt.replace(COMPOUNDS, " ")).every((word) => plain.has(word));
}
