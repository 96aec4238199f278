/** The words of a request that say what should be seen, apart from those that only carry them. */
import { OFF_FACE, type Vocabulary, wordsOf } from "./vocabulary.ts";

/** Words that every request may have, taught or not. */
const CARRYING = new Set(
  (
    "a an the and or of with wearing wears wear in on has have having is are be being who whose that which this these " +
    "her his their its my your our me him them it she he they i you make makes give gives add adds put puts get change " +
    "from by at turn color colour dye paint to into as like more very really so some any please just now show shows look looks " +
    "looking person people someone man woman face portrait photo picture girl guy lady young old adult same bit little"
  ).split(" "),
);

const WORD = /[\p{L}\p{N}]+/gu;

/** "a woman with a red clown nose" → red, clown, nose. */
export const contentOf = (text: string): string[] => wordsOf(text).filter((word) => !CARRYING.has(word));

/** The same as they are written: "a Brille person" → "Brille". */
export const writtenContent = (text: string): string =>
  [...text.matchAll(WORD)].flatMap(([word]) => (contentOf(word).length > 0 ? word : [])).join(" ");

/** The taught phrase that says most of some words and nothing else; null if none is said by them. */
export function phraseWithin(words: readonly string[], { phrases }: Vocabulary): string | null {
  const given = new Set(words);
  let [best, most] = [null as string | null, 0];
  for (const [topic, said] of Object.entries(phrases)) {
    if (OFF_FACE.has(topic)) continue;
    for (const phrase of said) {
      const content = contentOf(phrase);
      if (content.length > most && content.every((word) => given.has(word)))
        [best, most] = [phrase, content.length];
    }
  }
  return best;
}

/** The runs of words in a text that a phrase does not say, each as it is written: "polka-dot". */
export function unsaid(text: string, phrase: string): string[] {
  const said = new Set(contentOf(phrase));
  const runs: { start: number; end: number }[] = [];
  let joined = false;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const left = contentOf(word).some((content) => !said.has(content));
    const last = runs.at(-1);
    const end = index + word.length;
    if (left && joined && last !== undefined) last.end = end;
    else if (left) runs.push({ start: index, end });
    joined = left;
  }
  return runs.map(({ start, end }) => text.slice(start, end));
}
