import { readFile } from "node:fs/promises";
import { Tokenizer } from "@huggingface/tokenizers";
import { WeightsError } from "../errors.ts";

/** Turns a prompt into exactly `length` token ids; padding follows the end token. */
export type Tokenize = (prompt: string) => number[];

export interface TokenizerOptions {
  /** Number of ids returned: CLIP 77, T5 512 for FLUX.1-dev. */
  readonly length: number;
  readonly endTokenId: number;
  readonly padTokenId: number;
}

/**
 * Opens a Hugging Face `tokenizer.json`. Start and end tokens come from the file's own post-processor.
 * A prompt that is too long loses its tail but keeps the end token, as in transformers.
 * @throws WeightsError if the file is missing or is not a tokenizer
 */
export async function openTokenizer(path: string, options: TokenizerOptions): Promise<Tokenize> {
  const { length, endTokenId, padTokenId } = options;
  const tokenizer = await read(path);
  return (prompt) => {
    const { ids } = tokenizer.encode(prompt);
    const kept = ids.length > length ? [...ids.slice(0, length - 1), endTokenId] : ids;
    return [...kept, ...Array<number>(length - kept.length).fill(padTokenId)];
  };
}

async function read(path: string): Promise<Tokenizer> {
  try {
    return new Tokenizer(JSON.parse(await readFile(path, "utf8")), {});
  } catch (cause) {
    throw new WeightsError(`the tokenizer cannot be read: ${path}`, { cause });
  }
}
