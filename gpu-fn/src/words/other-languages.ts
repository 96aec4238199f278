/** Requests in other languages, read as the taught phrase that the sentence encoder finds nearest in meaning. */
import { isForeign } from "../../../shared/prompt.ts";
import { lacking } from "./absence.ts";
import type { Meaning } from "./meaning.ts";
import { thingGone, UNCLEAR } from "./other-removals.ts";

/** Separators between two things; English ones are split earlier. */
const AND = /\s+(?:y|e|und|et|en|i|och|og|ve|и)\s+|\s+و(?=\S)|\s*[,،、，]\s*/;

/** "mit Bart", "avec une barbe": the thing alone is nearer to the taught word than with its article. */
const WITH =
  /^(?:(?:mit|con|avec|com|met|med) )?(?:ein(?:e[mnr]?)?|una?|une?|uma?|een) |^(?:mit|con|avec|com|met|med) /iu;

/** Words of faces that other languages spell like English: "eine Frau hat eine Brille" names no hat. */
const SHARED = /\b(?:hat|face|cap|rouge|iris|mascara)\b/gi;

export const withoutShared = (text: string) => text.replace(SHARED, " ");

/** The things of a clause, each with the taught phrase that it means, or null. */
export const translated = (clause: string, meaning: Meaning) =>
  // the encoder takes "Очки" for another word than "очки", but German nouns have their capital
  (isForeign(clause) ? clause.toLowerCase() : clause)
    .split(AND)
    .map((part) => ({ part, phrase: phraseOf(part, meaning) }));

function phraseOf(part: string, meaning: Meaning): string | null {
  const gone = thingGone(part);
  if (gone === UNCLEAR) return null;
  if (gone !== null) {
    const phrase = meaning(gone);
    // "blond-haired" is no thing that could be absent
    const noun = phrase === null ? undefined : /^(?:wearing|with) (?:an? )?(.+)$/.exec(phrase)?.[1];
    return noun === undefined ? null : lacking(noun);
  }
  const thing = part.replace(WITH, "");
  return (/\s/.test(thing) ? null : meaning(thing)) ?? meaning(part);
}
