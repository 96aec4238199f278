import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import type { Manifest } from "../manifest/manifest.ts";
import { missingWeights } from "../moderation/weights.ts";
import { type Meaning, openMeaning } from "./meaning.ts";
import { OFF_FACE, readVocabulary, type Vocabulary } from "./vocabulary.ts";

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

/** What photographs alone taught, as their filters call it (training/photos/filters); drawings taught the rest. */
const ON_PHOTOS = { beard: ["with stubble"], face: ["with a chubby face"] } as const;

/**
 * What a model was taught, if its manifest says so. Its last token position is never filled: no training text filled it,
 * and prompts that do give ruined edits.
 * @param encoder folder of the sentence encoder's weights, which are opened when words first need them
 * @throws WeightsError
 */
export async function openTaught(manifest: Manifest, encoder: string): Promise<Taught | null> {
  const { vocabulary: file, clip, t5, folder } = manifest;
  if (file === undefined) return null;
  const { words, phrases: drawn } = await readVocabulary(join(folder, file));
  const taught = Object.entries(ON_PHOTOS).map(([topic, more]) => [
    topic,
    [...(drawn[topic] ?? []), ...more],
  ]);
  const vocabulary: Vocabulary = { words, phrases: { ...drawn, ...Object.fromEntries(taught) } };
  const json = JSON.parse(await readFile(join(folder, clip.tokenizer), "utf8"));
  const tokenizer = new Tokenizer(json, {});
  const known = new Set(Object.keys(json.model.vocab).filter((piece) => /^[a-z]+$/.test(piece)));
  const phrases = Object.entries(vocabulary.phrases).flatMap(([topic, said]) =>
    OFF_FACE.has(topic) ? [] : said,
  );
  let meaning: ReturnType<Taught["meaning"]> | undefined;
  return {
    vocabulary,
    known,
    tokens: (prompt) => tokenizer.encode(prompt).ids.length,
    limit: Math.min(clip.length, t5.length) - 1,
    meaning: () => {
      meaning ??= missingWeights(encoder).then((missing) =>
        missing.length > 0 ? null : openMeaning(phrases, encoder),
      );
      return meaning;
    },
  };
}
