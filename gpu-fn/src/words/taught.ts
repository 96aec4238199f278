import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import type { Manifest } from "../manifest/manifest.ts";
import { missingWeights } from "../moderation/weights.ts";
import { openMeaning } from "./meaning.ts";
import type { Taught } from "./reader.ts";
import { readVocabulary } from "./vocabulary.ts";

/**
 * What a model was taught, if its manifest says so. Its last token position is never filled: no training text filled it,
 * and prompts that do give ruined edits.
 * @param encoder folder of the sentence encoder's weights, which are opened when words first need them
 * @throws WeightsError
 */
export async function openTaught(manifest: Manifest, encoder: string): Promise<Taught | null> {
  const { vocabulary: file, clip, t5, folder } = manifest;
  if (file === undefined) return null;
  const vocabulary = await readVocabulary(join(folder, file));
  const json = JSON.parse(await readFile(join(folder, clip.tokenizer), "utf8"));
  const tokenizer = new Tokenizer(json, {});
  const known = new Set(Object.keys(json.model.vocab).filter((piece) => /^[a-z]+$/.test(piece)));
  const phrases = Object.values(vocabulary.phrases).flat();
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
