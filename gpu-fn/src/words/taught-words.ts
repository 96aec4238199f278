/** One clause of a request in words that the model was taught; what it was not taught is left out and named. */
import { LOCATED } from "../../../shared/attributes.ts";
import { askedOf, plainClause, removalOf } from "./absence.ts";
import type { Clause } from "./clause.ts";
import { contentOf, phraseWithin, unsaid, writtenContent } from "./content.ts";
import { nearestTaught } from "./nearest.ts";
import { ELSEWHERE } from "./on-face.ts";
import { translated, withoutShared } from "./other-languages.ts";
import { inOwnWords } from "./synonyms.ts";
import type { Taught } from "./taught.ts";
import { corrected } from "./typos.ts";
import { topicsOf, type Vocabulary, wordsOf } from "./vocabulary.ts";

/** Skin changes only if a tone is named: the model was taught only tones, and "natural skin" is not one. */
const SKIN = /\b(?:skin|complexion)\b/i;
const TONE =
  /\b(?:pale|fair|light(?:er|en)?|white|tan(?:ned)?|suntan|bronzed?|golden|olive|brown|dark(?:er|en)?|black|deep|medium|caramel|chocolate|porcelain|ivory|ebony|pink|red|freckle[ds]?|wrinkle[ds]?|scars?|moles?|under)\b/i;

const SUBJECT = /^(?:an?|the|this) (?:[a-z-]+ )*?(?:person|man|woman)\b/i;

/** A phrase without these does not say what a text with them says. */
const NEGATION = /\b(?:no|not|never|nor|without|\w+n't)\b/i;

/** "a young woman with glasses" → "a young woman"; "a person" if a text has no subject. */
export const subjectOf = (text: string) => SUBJECT.exec(text)?.[0].toLowerCase() ?? "a person";

/** A caption of a text's subject, of whom a phrase is said: "a young woman wearing a hat", "a young happy woman". */
function captionOf(text: string, phrase: string): string {
  const [article = "a", ...words] = subjectOf(text).split(" ");
  const plain = words.filter((word) => contentOf(word).length === 0);
  const said = /^(?:with|without|wearing) /.test(phrase)
    ? [...plain, phrase]
    : [...plain.slice(0, -1), phrase, plain.at(-1)];
  const rest = said.join(" ");
  return `${/^an?$/.test(article) ? (/^[aeiou]/.test(rest) ? "an" : "a") : article} ${rest}`;
}

/** @param source the source prompt, if the clause is the request's first; else null */
export async function inTaughtWords(
  asked: string,
  source: string | null,
  taught: Taught,
): Promise<readonly Clause[]> {
  const { vocabulary } = taught;
  const strange = strangeIn(asked, taught);
  const foreign = strange.length > 1 && isMostly(strange, asked);
  const spelt = respelt(asked, strange, vocabulary);
  const text = inOwnWords(spelt);
  if (SKIN.test(text) && !TONE.test(text) && !LOCATED.test(text.replace(SKIN, " ")))
    return [await untaught(asked, taught)];

  const captioned = (phrase: string) => {
    const named = SUBJECT.test(text) ? text : source;
    return named === null ? phrase : captionOf(named, phrase);
  };
  const content = contentOf(text);
  const phrase = phraseWithin(content, vocabulary);
  const located = LOCATED.test(foreign ? withoutShared(asked) : text);
  if (isTaught(content, vocabulary) && (located || !ELSEWHERE.test(text))) {
    const whole = phrase !== null && contentOf(phrase).length === new Set(content).size;
    if (text !== spelt && whole) return [{ asked, text: captioned(phrase) }];
    const thing = thingIn(text, vocabulary);
    return [{ asked, text: thing === undefined ? text : captioned(thing) }];
  }
  if (phrase !== null && (located || !foreign) && NEGATION.test(text) === NEGATION.test(phrase)) {
    const left = unsaid(text, phrase).map((words) => `"${words}"`);
    const were = left.length > 1 ? "were" : "was";
    const warning = `${left.join(" and ")} ${were} left out: this model was not taught to draw that`;
    return [{ asked, text: captioned(phrase), warning }];
  }
  const meaning = located ? null : await taught.meaning();
  if (meaning === null) return [await untaught(asked, taught)];
  const parts = translated(foreign ? asked : writtenContent(asked) || asked, meaning);
  return Promise.all(
    parts.map(async ({ part, phrase }) => {
      const said = parts.length === 1 ? asked : part;
      if (phrase === null) return untaught(said, taught);
      const meant = askedOf(phrase);
      const removal = meant?.kind === "absent" ? removalOf(meant.things) : undefined;
      return { asked: said, text: captioned(phrase), removal };
    }),
  );
}

/** Whether most words of a text are unknown: then it is in another language. */
const isMostly = (strange: readonly string[], text: string) => 2 * strange.length > wordsOf(text).length;

/** A text with misspelt words replaced by those that the model was taught. */
export const wellSpelt = (text: string, taught: Taught) =>
  respelt(text, strangeIn(text, taught), taught.vocabulary);

const strangeIn = (text: string, taught: Taught) => wordsOf(text).filter((word) => !isKnown(word, taught));

const isKnown = (word: string, { vocabulary, known }: Taught) =>
  vocabulary.words.has(word) || known.has(word) || LOCATED.test(word);

const WHO = "a an the and of young old adult person man woman without with wearing".split(" ");

/** A text with misspelt words replaced by those of the phrases that they stand for. */
function respelt(text: string, strange: readonly string[], { phrases }: Vocabulary): string {
  const said = new Set([...WHO, ...Object.values(phrases).flat().flatMap(wordsOf)]);
  return strange.reduce((spelt, word) => {
    const meant = corrected(word, said);
    return meant === null ? spelt : spelt.replace(new RegExp(`\\b${word}\\b`, "i"), meant);
  }, text);
}

/** Whether the transformer was trained on each of some words. */
export function isTaught(content: readonly string[], { phrases }: Vocabulary): boolean {
  const said = new Set(Object.values(phrases).flat().flatMap(wordsOf));
  return content.every((word) => said.has(word));
}

/** The caption's phrase for a taught thing on its own: "glasses" → "wearing glasses". */
function thingIn(text: string, { phrases }: Vocabulary): string | undefined {
  const plain = plainClause(text);
  const said = Object.values(phrases).flat();
  return ["wearing", "with"].map((verb) => `${verb} ${plain}`).find((words) => said.includes(words));
}

/** A clause that is left out, with what the model could be asked for instead. */
export async function untaught(asked: string, taught: Taught): Promise<Clause> {
  const nearest = await nearestTaught(asked, taught);
  const named = asked.replace(SUBJECT, "").trim() || asked;
  const topics = topicsOf(taught.vocabulary).map(([topic]) => topic.replace("_", " "));
  const foreign = isMostly(strangeIn(asked, taught), asked) && (await taught.meaning()) === null;
  const instead = foreign
    ? "other languages are read only with the sentence encoder, which npm start fetches"
    : nearest === null
      ? `this model was taught ${topics.join(", ")}`
      : `this model was not taught it; the nearest that it knows is "${nearest}"`;
  return { asked, text: null, warning: `"${named}" was left out: ${instead}` };
}
