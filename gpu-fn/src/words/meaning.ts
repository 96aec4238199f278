/** The nearest taught phrase by meaning, in any language of the sentence encoder. */
import { embeddedIn, vectorAt } from "../moderation/closeness.ts";
import { openEncoder } from "../moderation/encoder.ts";

/** From this cosine on, two wordings mean the same: translations of taught phrases reach 0.6, other requests do not. */
const SAME = 0.6;

/** Scripts that write no spaces between words. */
const UNSPACED = /\p{scx=Han}|\p{scx=Hiragana}|\p{scx=Katakana}|\p{scx=Thai}/u;

/** @returns the phrase nearest to a clause in meaning; null if none reaches the cosine `least`, by default `SAME` */
export type Meaning = (clause: string, least?: number) => string | null;

/** @param folder of the encoder's weights; the phrases' vectors are cached there */
export async function openMeaning(phrases: readonly string[], folder: string): Promise<Meaning> {
  const embed = await openEncoder(folder);
  const sentences = phrases.map((phrase) => `a person ${phrase}`);
  const things = phrases.filter((phrase) => thingOf(phrase) !== "");
  const vectors = await embeddedIn(folder, [...sentences, ...things.map(thingOf)], embed);
  return (clause, least = SAME) => {
    const vector = embed(clause);
    let [best, nearest] = [least, null as string | null];
    // a word alone means less of a sentence than of another word; without spaces a text may be either
    const [compared, start] = UNSPACED.test(clause)
      ? [[...phrases, ...things], 0]
      : /\s/.test(clause.trim())
        ? [phrases, 0]
        : [things, phrases.length];
    for (const [i, phrase] of compared.entries()) {
      const other = vectorAt(vectors, start + i);
      const cosine = other.reduce((sum, value, k) => sum + value * (vector[k] as number), 0);
      if (cosine > best) [best, nearest] = [cosine, phrase];
    }
    return nearest;
  };
}

/** The one word of a phrase that says what is seen: "wearing a hat" → "hat"; empty if there are several. */
function thingOf(phrase: string): string {
  const words = phrase.replace(/^(?:wearing|with) (?:an? )?/, "");
  return /^[a-z]+$/.test(words) ? words : "";
}
