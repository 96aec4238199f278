/** Requests in other languages, read as the taught phrase that the sentence encoder finds nearest in meaning. */
import { lacking } from "./absence.ts";
import type { Meaning } from "./meaning.ts";

/** Separators between two things; English ones are split earlier. */
const AND = /\s+(?:y|e|und|et|en|i|och|og|ve)\s+|\s*,\s*/;

/** Removals by a verb or by "without": the encoder alone takes "enlever les lunettes" for glasses to be worn. */
const GONE: readonly RegExp[] = [
  /^(?:.* )?(?:sin|sans|ohne|senza|sem|zonder|uden|uten|utan|bez) (?<thing>.+)$/iu,
  /^(?:quita(?:r|le)?|elimina(?:r|re)?|enlever|enlève|enlevez|retirer?|retire|supprimer?|supprime|togli(?:ere)?|rimuovi|rimuovere|remover|remova|verwijder|usuń) (?<thing>.+)$/iu,
  /^(?<thing>.+) (?:entfernen|weg)$/iu,
];

/** "mit Bart", "avec une barbe": the thing alone is nearer to the taught word than with its article. */
const WITH =
  /^(?:(?:mit|con|avec|com|met|med) )?(?:ein(?:e[mnr]?)?|una?|une?|uma?|een) |^(?:mit|con|avec|com|met|med) /iu;

/** Words of faces that other languages spell like English: "eine Frau hat eine Brille" names no hat. */
const SHARED = /\b(?:hat|face|cap|rouge|iris|mascara)\b/gi;

export const withoutShared = (text: string) => text.replace(SHARED, " ");

/** The things of a clause, each with the taught phrase that it means, or null. */
export const translated = (clause: string, meaning: Meaning) =>
  clause.split(AND).map((part) => ({ part, phrase: phraseOf(part, meaning) }));

function phraseOf(part: string, meaning: Meaning): string | null {
  for (const pattern of GONE) {
    const thing = pattern.exec(part)?.groups?.thing;
    if (thing === undefined) continue;
    const phrase = meaning(thing.replace(/^(?:l[aeo]s?|les|die|das|der|den|il|gli|os?|as?|l['’]) ?/iu, ""));
    return phrase && lacking(phrase);
  }
  const thing = part.replace(WITH, "");
  return (/\s/.test(thing) ? null : meaning(thing)) ?? meaning(part);
}
