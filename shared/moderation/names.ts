/** First names, and words that are also names, that portrait prompts contain: "amber earrings", "a bob". */
const WORDS = new Set(
  `amber angel april ash autumn basil bob brandy buddy carol cat che chip christian clay coral crystal dawn daisy dean dusty
  faith fern flora forest frank gene ginger grace grant gray grey hazel heather holly hope iris ivy jade jasmine jean jet jewel
  joy june junior king lance lily luna lux mark mars max may melody miles misty olive opal page patience paris pat pearl penny
  pierce poppy prince queen ray red rich rob rocky rose rosemary ruby rusty sage sandy sapphire savannah scarlet sky sterling
  stormy summer sunny teddy terra tiger tiffany tom tony van victor victoria viola violet virginia will willow wren
  adam bart donna mann ricci santa`.split(/\s+/),
);

/** Those of them that mean a person after words like "looks like" if another word follows: "look like tom cruise". */
const FIRST_NAMES = new Set(
  `adam bart bob carol christian dean donna frank gene grace grant jean lance mark max miles ray rob tom tony victor victoria
  virginia will`.split(/\s+/),
);

/** Words that no surname follows: "frank and open". */
const NO_SURNAME = /^(?:Conjunction|Preposition|Determiner|Pronoun|Adverb|Auxiliary)$/;

/** What stands after a first name and is no surname, though the recogniser does not know it: "bob haircut", "billy goat". */
const THINGS =
  /^(?:hair\w*|bangs|fringe|brows?|eye\w*|lash\w*|lip\w*|makeup|beard|moustache|mustache|goatee|braids?|curls?|layers?|buns?|glasses|sunglasses|hat|jacket|collar|scarf|earrings?|necklace|style|look|expression|face|skin|smile|doll|jar|scene|fan|cat|dog|goat|terrier)$/;

const POSSESSIVE = /['’]s$/;

/** Names of no living person, and of things: characters, paintings, symbols, haircuts, brands. */
const NOBODY =
  /\b(?:harry potter|mona lisa|van dyke|santa claus|star of david|father christmas|mickey mouse|snow white|peter pan|robin hood|sherlock holmes|mary jane|ray ban|virgin mary|jesus christ|don juan|rosie the riveter|uncle sam|jolly roger|anne frank braid|marilyn piercing|ken doll|barbie doll|jack frost|harley quinn|christian dior)\b/gi;

/** Words that introduce the person whose face is meant. */
const LIKENESS =
  /\b(?:(?:look(?:s|ing)?|dressed) (?:just |exactly |more )?like|(?:face|likeness|features|hair|smile|double|copy|portrait|picture|photo) of|lookalike of|resembl(?:es?|ing)|impersonat(?:es?|ing)|turn(?:ed)? (?:her|him|them|me) into|make (?:her|him|them|me)|spitting image of|the (?:singer|actor|actress|footballer|politician|president|rapper|model)|parece a|aussieht wie|ressemble a|assomiglia a|rosto de|lijkt op) +/giu;

/**
 * Words after which a first name and a surname are a person, in lower case too: English puts an article before what else
 * may follow ("as a model", "into a queen"). A first name alone is nobody: "as chase".
 */
const BECOMING =
  /\b(?:like|as|into|(?:transform|chang|morph|convert|swapp?|replac|switch)(?:e|es|ed|ing|s)? (?:[\p{L}'’]+ ){1,3}?(?:to|with|for|by)) +/giu;

export type Nlp = typeof import("compromise/two")["default"];

interface Term {
  readonly text: string;
  readonly normal: string;
  readonly tags: readonly string[];
}

let recogniser: Promise<Nlp> | undefined;

/** The recogniser takes a quarter of a second to load: it loads with the first prompt, not with the worker. */
function openRecogniser(): Promise<Nlp> {
  recogniser ??= import("compromise/two").then((module) => module.default);
  return recogniser;
}

/** Sets an already loaded recogniser: Node loads the package's one bundled file faster than its many modules. */
export function takeRecogniser(nlp: Nlp): void {
  recogniser = Promise.resolve(nlp);
}

/**
 * Whether a prompt names a real person: a first name with a surname, someone known by one name, or anyone named after
 * words like "looks like". Names of characters and things do not count.
 * @param text as written: capitals indicate names
 */
export async function namesPerson(text: string): Promise<boolean> {
  const nlp = await openRecogniser();
  const known = lexiconOf(nlp);
  const written = text.replace(/(?<=\p{L})[_-](?=\p{L})/gu, " ").replace(NOBODY, " ");
  const sentences = nlp(written).json() as { terms: Term[] }[];
  const terms = sentences.flatMap((sentence) => sentence.terms);
  const compared = afterEach(LIKENESS, written);
  const became = afterEach(BECOMING, written);
  return terms.some((term, i) => {
    const next = terms[i + 1];
    const begins = (rest: string) => rest.startsWith(term.text);
    const after = compared.some(begins);
    if (after && FIRST_NAMES.has(term.normal) && next && !next.tags.some((tag) => NO_SURNAME.test(tag)))
      return true;
    const named = next !== undefined && isGiven(known, term, next) && isBareSurname(known, next);
    if (named && (POSSESSIVE.test(next.text) || became.some(begins))) return true;
    if (WORDS.has(term.normal) && !isCapital(term)) return false;
    const first = isName(known, term, "first") || (isCapital(term) && term.tags.includes("Person"));
    if (known(term.normal) === "person") return true;
    if (first && next !== undefined && (isSurname(known, next) || POSSESSIVE.test(next.text))) return true;
    return after && !WORDS.has(term.normal) && (first || isName(known, term, "last"));
  });
}

/** What follows each place where a pattern matches. */
const afterEach = (pattern: RegExp, text: string) =>
  [...text.matchAll(pattern)].map((match) => text.slice(match.index + match[0].length));

type Kind = "first" | "last" | "person" | "word" | null;

/** The kind of name that the recogniser's lexicon gives a word, regardless of context; null if it does not know the word. */
function lexiconOf(nlp: Nlp): (word: string) => Kind {
  const { lexicon } = (nlp.model() as { one: { lexicon: Record<string, string | string[]> } }).one;
  return (word) => {
    const tag = Object.hasOwn(lexicon, word) ? [lexicon[word]].flat()[0] : undefined;
    if (tag === "MaleName" || tag === "FemaleName" || tag === "FirstName") return "first";
    if (tag === "LastName") return "last";
    if (tag === "Person") return "person";
    return tag === undefined || tag === "Noun" ? null : "word";
  };
}

const isCapital = ({ text }: Term) => /^\p{Lu}\p{Ll}/u.test(text);

function isName(known: (word: string) => Kind, { normal }: Term, kind: Kind): boolean {
  return known(normal) === kind && !(WORDS.has(normal) && kind === "last");
}

/** After a first name, any capitalised word is a surname; in lower case only a known one. */
const isSurname = (known: (word: string) => Kind, term: Term) =>
  !WORDS.has(term.normal) && (isCapital(term) || ["last", "person"].includes(known(term.normal) ?? ""));

/** A first name in lower case: one that the lexicon has, or an unknown word before a surname that it has. */
function isGiven(known: (word: string) => Kind, { normal }: Term, next: Term): boolean {
  if (WORDS.has(normal)) return FIRST_NAMES.has(normal);
  return known(normal) === "first" || (known(normal) === null && known(next.normal) === "last");
}

/** After a first name in lower case: any word that is not known to be something else. */
function isBareSurname(known: (word: string) => Kind, { normal, tags }: Term): boolean {
  const word = normal.replace(POSSESSIVE, "");
  if (word.length < 3 || THINGS.test(word) || WORDS.has(word)) return false;
  return known(word) !== "word" && !tags.some((tag) => NO_SURNAME.test(tag));
}
