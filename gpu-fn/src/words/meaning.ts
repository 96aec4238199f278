/** The nearest taught phrase by meaning, in any language of the sentence encoder. */
import { embeddedIn, vectorAt } from "../moderation/closeness.ts";
import { openEncoder } from "../moderation/encoder.ts";

/** Cosine from which two wordings mean the same: translations of taught phrases have .6 and more, other requests less. */
const SAME = 0.6;

/** @returns the phrase whose meaning is nearest to a clause's; null if none is as near as `least`, by default the same */
export type Meaning = (clause: string, least?: number) => string | null;

/** @param folder the encoder's weights; the phrases' vectors are kept there */
export async function openMeaning(phrases: readonly string[], folder: string): Promise<Meaning> {
  const embed = await openEncoder(folder);
  const sentences = phrases.map((phrase) => `a person ${phrase}`);
  const vectors = await embeddedIn(folder, sentences, embed);
  return (clause, least = SAME) => {
    const vector = embed(clause);
    let [best, nearest] = [least, null as string | null];
    for (const [i, phrase] of phrases.entries()) {
      const other = vectorAt(vectors, i);
      const cosine = other.reduce((sum, value, k) => sum + value * (vector[k] as number), 0);
      if (cosine > best) [best, nearest] = [cosine, phrase];
    }
    return nearest;
  };
}
