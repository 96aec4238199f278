/**
 * What the embedded model was taught to read: its words, and the phrases that its transformer was trained with.
 * `node gpu-fn/training/text2mask/vocabulary.ts > gpu-fn/models/mini/vocabulary.json` writes them beside the weights.
 */
import { portrait } from "./attributes.ts";
import { captions } from "./captions.ts";
import { type Form, phrases, type Topic } from "./phrases.ts";
import { WORDINGS } from "./wordings.ts";

/** Portraits enough that every phrase and every word of a caption occurs. */
const PORTRAITS = 4_000;

export interface Vocabulary {
  /** In alphabetical order, lower case. No held-out wording adds any. */
  readonly words: readonly string[];
  /** How a caption says what a portrait has, by topic: "with black hair", "wearing glasses", "bald". */
  readonly phrases: Readonly<Record<string, readonly string[]>>;
}

const said = (form: Form, text: string): string =>
  form === "with" || form === "wearing" ? `${form} ${text}` : text;

export function vocabulary(): Vocabulary {
  const words = new Set<string>();
  const read = (text: string) => {
    for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) words.add(word);
  };
  for (const { train } of WORDINGS) for (const text of train) read(text);
  const found = new Map<Topic, Set<string>>();
  for (let seed = 0; seed < PORTRAITS; seed++) {
    const drawn = portrait(seed);
    for (const { topic, form, text } of phrases(drawn))
      found.set(topic, (found.get(topic) ?? new Set()).add(said(form, text)));
    for (const text of captions(drawn, 4)) read(text);
  }
  return {
    words: [...words].sort(),
    phrases: Object.fromEntries(
      [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([topic, texts]) => [topic, [...texts].sort()]),
    ),
  };
}

/** The file's text: the words on one line, then each topic on one. */
export function vocabularyJson({ words, phrases: said }: Vocabulary): string {
  const topics = Object.entries(said).map(([topic, texts]) => `  "${topic}": ${JSON.stringify(texts)}`);
  return `{\n "words": ${JSON.stringify(words)},\n "phrases": {\n${topics.join(",\n")}\n }\n}\n`;
}

if (process.argv[1] === import.meta.filename) process.stdout.write(vocabularyJson(vocabulary()));
