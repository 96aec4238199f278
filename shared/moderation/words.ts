import { DataSet, englishDataset, englishRecommendedTransformers, RegExpMatcher } from "obscenity";
import { listedWords, policyOfWord } from "./lists.ts";
import { NEVER_TWO_WORDS, PHRASES } from "./phrases.ts";
import type { PromptPolicy } from "./policies.ts";
import { viewsOf } from "./views.ts";

type Word = { originalWord: string };

/** Words of the library's English data that portraits may be asked for, or that are colours elsewhere. */
const MILD = new Set([
  "abo",
  "ass",
  "bastard",
  "bollocks",
  "cuck",
  "hooker",
  "negro",
  "piss",
  "scat",
  "shit",
  "turd",
]);

interface Lists {
  readonly data: DataSet<Word>;
  readonly matcher: RegExpMatcher;
  /** LDNOOBW's words and phrases by policy. */
  readonly listed: ReadonlyMap<string, PromptPolicy>;
  /** Maximum number of words in one of the phrases. */
  readonly longest: number;
}

let opened: Lists | undefined;

/** The lists, compiled on first use: a worker starts without them. */
function lists(): Lists {
  if (opened !== undefined) return opened;
  const data = new DataSet<Word>()
    .addAll(englishDataset as unknown as DataSet<Word>)
    .removePhrasesIf((phrase) => MILD.has(phrase.metadata?.originalWord ?? ""))
    .addPhrase((phrase) => phrase.setMetadata({ originalWord: "sexy" }).addWhitelistedTerm("sexy"));
  const matcher = new RegExpMatcher({ ...data.build(), ...englishRecommendedTransformers });
  const listed = new Map(listedWords().map((word) => [word, policyOfWord(word)]));
  const longest = Math.max(...[...listed.keys()].map((phrase) => phrase.split(" ").length));
  opened = { data, matcher, listed, longest };
  return opened;
}

/**
 * The policies whose words or phrases a prompt contains, in any reading of it. Word by word: the meaning of sentences
 * is left to embeddings.
 * @param text as `promptSchema` gives it
 */
export function policiesOfWords(text: string): ReadonlySet<PromptPolicy> {
  const { data, matcher, listed, longest } = lists();
  const found = new Set<PromptPolicy>();
  for (const view of viewsOf(text)) {
    for (const { policy, pattern } of PHRASES) if (pattern.test(view)) found.add(policy);
    for (const match of matcher.getAllMatches(view)) {
      const word = data.getPayloadWithPhraseMetadata(match).phraseMetadata?.originalWord ?? "";
      found.add(policyOfWord(word));
    }
    const tokens = view.split(/[^\p{L}'-]+/u).filter((token) => token !== "");
    for (const policy of listedIn(tokens, listed, longest)) found.add(policy);
    for (const policy of joinedIn(tokens)) found.add(policy);
  }
  return found;
}

function* listedIn(
  tokens: readonly string[],
  listed: Lists["listed"],
  longest: number,
): Generator<PromptPolicy> {
  for (const i of tokens.keys())
    for (let count = 1; count <= Math.min(longest, tokens.length - i); count++) {
      const policy = listed.get(tokens.slice(i, i + count).join(" "));
      if (policy !== undefined) yield policy;
    }
}

function* joinedIn(tokens: readonly string[]): Generator<PromptPolicy> {
  for (const [i, token] of tokens.entries()) {
    const joined = `${token}${tokens[i + 1] ?? ""}`;
    const policy = Object.hasOwn(NEVER_TWO_WORDS, joined) ? NEVER_TWO_WORDS[joined] : undefined;
    if (policy !== undefined && token !== joined) yield policy;
  }
}
