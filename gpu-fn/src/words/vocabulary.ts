/** What a model was taught to read. A model without a vocabulary reads any words: its text encoders know the language. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { WeightsError } from "../errors.ts";

const vocabularySchema = z.object({
  words: z.array(z.string()),
  phrases: z.record(z.string(), z.array(z.string())),
});

export interface Vocabulary {
  /** Every word of its training texts, lower case. */
  readonly words: ReadonlySet<string>;
  /** What the model was taught that a portrait can have, by topic: "with black hair", "wearing glasses", "bald". */
  readonly phrases: Readonly<Record<string, readonly string[]>>;
}

/** @throws WeightsError if the file is missing or is not a vocabulary */
export async function readVocabulary(path: string): Promise<Vocabulary> {
  try {
    const { words, phrases } = vocabularySchema.parse(JSON.parse(await readFile(path, "utf8")));
    return { words: new Set(words), phrases };
  } catch (cause) {
    throw new WeightsError(`the vocabulary cannot be read: ${path}`, { cause });
  }
}

/** The words and numbers of a text in lower case, without spaces or punctuation. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Topics that have no region. */
export const OFF_FACE = new Set(["clothing"]);

/** What a face can have, by topic, without phrases for what it lacks. */
export const topicsOf = ({ phrases }: Vocabulary) =>
  Object.entries(phrases).filter(([topic]) => !topic.startsWith("no_") && !OFF_FACE.has(topic));
