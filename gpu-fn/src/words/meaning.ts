/** The nearest taught phrase by meaning, in any language of the sentence encoder. */
import { embeddedIn, vectorAt } from "../moderation/closeness.ts";
import { openEncoder } from "../moderation/encoder.ts";

/** From this cosine on, two wordings mean the same: translations of taught phrases reach 0.6, other requests do not. */
const SAME = 0.6;

/** @returns the phrase nearest to a clause in meaning; null if none reaches the cosine `least`, by default `SAME` */
export type Meaning = (clause: string, least?: number) => string | null;

/** @param folder of the encoder's weights; the phrases' vectors are cached there */
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
