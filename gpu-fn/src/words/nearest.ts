/** Suggests the taught phrase that is nearest to words the model does not know. */
import { plainClause } from "./absence.ts";
import type { Taught } from "./taught.ts";
import { editDistance } from "./typos.ts";
import { topicsOf } from "./vocabulary.ts";

/** Largest share of letters that may differ, and smallest cosine of the meanings, for a useful suggestion. */
const NEAR = { letters: 0.25, meaning: 0.5 } as const;

/** Words that come before the thing itself. */
const BEFORE = /^(?:(?:an?|the|her|his|with|wearing|has|have|add|give|make|person|man|woman) )+/;

const thingOf = (text: string) => plainClause(text).replace(BEFORE, "");

/** @returns a phrase as in captions, such as "wearing glasses"; null if none is near */
export async function nearestTaught(
  text: string,
  { vocabulary, meaning }: Pick<Taught, "vocabulary" | "meaning">,
): Promise<string | null> {
  const thing = thingOf(text);
  const spelt = topicsOf(vocabulary)
    .flatMap(([, phrases]) => phrases)
    .map((phrase) => {
      const other = thingOf(phrase);
      return { phrase, differs: editDistance(thing, other) / Math.max(thing.length, other.length, 1) };
    })
    .sort((a, b) => a.differs - b.differs)[0];
  if (spelt !== undefined && spelt.differs <= NEAR.letters) return spelt.phrase;
  return (await meaning())?.(text, NEAR.meaning) ?? null;
}
