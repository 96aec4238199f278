/** Rewrites a request in words that the model was taught, before PASL and the transformer see it. */
import { joinPrompts, LOCATED } from "../../../shared/attributes.ts";
import { InputError } from "../errors.ts";
import { type Asked, askedOf, lacking, plainClause } from "./absence.ts";
import type { Meaning } from "./meaning.ts";
import { nearestTaught } from "./nearest.ts";
import { corrected } from "./typos.ts";
import { topicsOf, type Vocabulary, wordsOf } from "./vocabulary.ts";

/** A request's words. */
export interface Wording {
  readonly prompt: string;
  /** The attributes one by one, at least one. */
  readonly locate: readonly string[];
}

export interface Reading extends Wording {
  /** The words in `locate` as the request gave them, in the same order. */
  readonly asked: readonly string[];
  /** What the model reads in place of the request's prompt; null if it reads the prompt itself. */
  readonly readAs: string | null;
  /** What was left out and why, one sentence each. */
  readonly warnings: readonly string[];
  /** Whether the transformer was trained on all of the words. */
  readonly familiar: boolean;
}

/** What a model with a small vocabulary knows, and how its prompts are measured. */
export interface Taught {
  readonly vocabulary: Vocabulary;
  /** Whole words of its tokenizer. Any other word is misspelt or from another language. */
  readonly known: ReadonlySet<string>;
  /** Counts the tokens of a prompt, start and end included; `limit` is the most that the model reads. */
  readonly tokens: (prompt: string) => number;
  readonly limit: number;
  /** Finds the taught phrase that a clause means; null if there is no sentence encoder. */
  readonly meaning: () => Promise<Meaning | null>;
}

/** Skin changes only if a tone is named: the model was taught only tones, and "natural skin" is not one. */
const SKIN = /\b(?:skin|complexion)\b/i;
const TONE =
  /\b(?:pale|fair|light(?:er|en)?|white|tan(?:ned)?|suntan|bronzed?|golden|olive|brown|dark(?:er|en)?|black|deep|medium|caramel|chocolate|porcelain|ivory|ebony|pink|red|freckle[ds]?|wrinkle[ds]?|scars?|moles?|under)\b/i;

/** Words for things that are not on a face. They count only in a clause without words about a face. */
const ELSEWHERE =
  /\b(?:background|backdrop|scenery|landscape|beach|sea|ocean|sky|room|office|studio|street|city|forest|mountains?|garden|house|car|wall|sunset|clothes|clothing|dress|shirt|t-?shirt|suit|jacket|coat|tie|sweater|hands?|fingers|arms?|body|shoulders)\b/i;

/** Separators between two things in other languages; English ones are split earlier. */
const AND = /\s+(?:y|e|und|et|en|i|och|og|ve)\s+|\s*,\s*/;

const SUBJECT = /^(?:an?|the|this) (?:[a-z-]+ )*?(?:person|man|woman)\b/i;

interface Clause {
  readonly asked: string;
  /** What the model reads; null if the clause is left out. */
  readonly text: string | null;
  readonly warning?: string;
}

/** Context of a request's words. */
export interface Around {
  /** The source prompt. */
  readonly source: string;
  /** Whether a mask gives the region, so that the words need not name one. */
  readonly masked: boolean;
}

/**
 * Reads a request. Without `taught` (models whose text encoders know the language), only removals and things that should
 * stay are reworded to describe the result. What is not on a face is left out unless a mask gives the region.
 * @throws InputError `prompt_invalid` if nothing is left to change, or a prompt is longer than the model can read
 */
export async function readRequest(
  wording: Wording,
  { source, masked }: Around,
  taught: Taught | null,
): Promise<Reading> {
  const clauses: Clause[] = [];
  let removing = false;
  for (const [i, asked] of wording.locate.entries()) {
    const found = askedOf(asked);
    // "remove the glasses and the beard": the second thing is to be removed as well
    const goes: boolean = removing && found === null && !/\b(?:with|wearing|add|make|give)\b/i.test(asked);
    removing = goes || (found?.kind === "absent" && found.verb);
    const gone: Asked | null = goes
      ? { kind: "absent", subject: null, things: [asked.replace(/^(?:the|her|his|an?) /i, "")], verb: true }
      : found;
    if (gone !== null) clauses.push(described(asked, gone, i === 0 ? source : null));
    else
      clauses.push(
        ...(taught
          ? await inTaughtWords(asked, { source, first: i === 0 }, taught)
          : [masked ? { asked, text: asked } : onFace(asked)]),
      );
  }
  return assembled(wording, clauses, taught);
}

/** PASL finds only regions of faces, whatever the model can draw. */
function onFace(asked: string): Clause {
  if (LOCATED.test(asked) || !ELSEWHERE.test(asked)) return { asked, text: asked };
  const warning = `"${asked}" was left out: it names no region of a face; send a mask of what is to change`;
  return { asked, text: null, warning };
}

const subjectOf = (text: string) => SUBJECT.exec(text)?.[0].toLowerCase() ?? "a person";

function described(asked: string, gone: Asked, source: string | null): Clause {
  if (gone.kind === "kept")
    return { asked, text: null, warning: `"${asked}" was left out: whatever is not asked for stays` };
  const said = [...new Set(gone.things.map(lacking))].join(", ");
  const subject = gone.subject ?? (source === null ? null : subjectOf(source));
  return { asked, text: subject === null ? said : `${subject} ${said}` };
}

/** Turns a taught thing on its own ("glasses") into the words of a caption: "a woman wearing glasses". */
function carried(text: string, source: string | null, { phrases }: Vocabulary): string {
  const plain = plainClause(text);
  const said = Object.values(phrases).flat();
  const phrase = ["wearing", "with"].map((verb) => `${verb} ${plain}`).find((words) => said.includes(words));
  if (phrase === undefined) return text;
  return source === null ? phrase : `${subjectOf(source)} ${phrase}`;
}

async function inTaughtWords(
  asked: string,
  { source, first }: { readonly source: string; readonly first: boolean },
  taught: Taught,
): Promise<Clause[]> {
  const { vocabulary, known } = taught;
  const unknown = (word: string) => !vocabulary.words.has(word) && !known.has(word) && !LOCATED.test(word);
  const all = wordsOf(asked);
  const said = saidIn(vocabulary);
  const strange = all.filter(unknown);
  // mostly unknown words: another language
  const foreign = strange.length > 1 || (strange.length > 0 && all.length <= 2);
  let text = asked;
  for (const word of strange) {
    const meant = corrected(word, said);
    if (meant !== null) text = text.replace(new RegExp(`\\b${word}\\b`, "i"), meant);
  }
  const located = LOCATED.test(text);
  if (SKIN.test(text) && !TONE.test(text) && !hasOtherThan(SKIN, text))
    return [await untaught(asked, taught)];
  if (located && !(foreign && text === asked))
    return [{ asked, text: carried(text, first ? source : null, vocabulary) }];
  if (!located && !ELSEWHERE.test(text) && wordsOf(text).every((word) => vocabulary.words.has(word)))
    return [{ asked, text }];
  const meaning = await taught.meaning();
  if (meaning === null) return [located ? { asked, text } : await untaught(asked, taught)];
  return Promise.all(
    (foreign ? asked.split(AND) : [asked]).map(async (part) => {
      const phrase = meaning(part);
      return phrase === null
        ? untaught(part, taught)
        : { asked: part, text: `${subjectOf(source)} ${phrase}` };
    }),
  );
}

const WHO = "a an the and of young old adult person man woman without with wearing".split(" ");

/** The words of the phrases that the transformer was trained on. */
const saidIn = ({ phrases }: Vocabulary) =>
  new Set([...WHO, ...Object.values(phrases).flat().flatMap(wordsOf)]);

/** Whether a text names something on a face apart from what the pattern matches. */
const hasOtherThan = (pattern: RegExp, text: string) => LOCATED.test(text.replace(pattern, " "));

async function untaught(asked: string, taught: Taught): Promise<Clause> {
  const nearest = await nearestTaught(asked, taught);
  const topics = topicsOf(taught.vocabulary).map(([topic]) => topic.replace("_", " "));
  const hint = nearest === null ? "" : `; the nearest that it knows is "${nearest}"`;
  return {
    asked,
    text: null,
    warning: `"${asked}" was left out: this model was taught ${topics.join(", ")}${hint}`,
  };
}

function assembled(wording: Wording, clauses: readonly Clause[], taught: Taught | null): Reading {
  const warnings = clauses.flatMap(({ warning }) => warning ?? []);
  const kept = clauses.flatMap(({ asked, text }) => (text === null ? [] : [{ asked, text }]));
  const same = warnings.length === 0 && clauses.every(({ asked, text }) => asked === text);
  const promptOf = () =>
    same && kept.length === clauses.length ? wording.prompt : joinPrompts(kept.map(({ text }) => text));
  while (taught && kept.length > 1 && taught.tokens(promptOf()) > taught.limit) {
    const { asked } = kept.pop() as Clause;
    warnings.push(`"${asked}" was left out: this model reads ${taught.limit} tokens`);
  }
  if (kept.length === 0)
    throw new InputError("prompt_invalid", `there is nothing to change: ${warnings.join("; ")}`);
  const prompt = promptOf();
  if (taught && taught.tokens(prompt) > taught.limit)
    throw new InputError(
      "prompt_invalid",
      `the prompt has ${taught.tokens(prompt)} tokens and this model reads ${taught.limit}: shorten it, or make several edits`,
    );
  return {
    prompt,
    locate: kept.map(({ text }) => text),
    asked: kept.map(({ asked }) => asked),
    readAs: prompt === wording.prompt ? null : prompt,
    warnings,
    familiar: taught === null || wordsOf(prompt).every((word) => saidIn(taught.vocabulary).has(word)),
  };
}
