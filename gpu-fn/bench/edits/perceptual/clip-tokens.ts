import { readFile } from "node:fs/promises";
import { z } from "zod";
import { WeightsError } from "../../../src/errors.ts";
import { openTokenizer, type Tokenize } from "../../../src/manifest/tokenizer.ts";

/** CLIP's end of text: it stands for the whole prompt, and pads as well (Hugging Face). */
const END = "<|endoftext|>";
/** Tokens that CLIP was trained with. */
export const CLIP_LENGTH = 77;

const fileSchema = z.object({
  added_tokens: z.array(z.object({ id: z.int(), content: z.string() })).default([]),
  model: z.object({ vocab: z.union([z.record(z.string(), z.int()), z.array(z.unknown())]).optional() }),
});

export interface ClipTokens {
  readonly tokenize: Tokenize;
  readonly endTokenId: number;
}

/**
 * Opens CLIP's `tokenizer.json`: rows of `length` ids, padded with the end of text.
 * @throws WeightsError if it is no tokenizer, or not CLIP's
 */
export async function openClipTokens(path: string, length: number): Promise<ClipTokens> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new WeightsError(`the tokenizer cannot be read: ${path}`, { cause });
  });
  const endTokenId = endOf(text);
  if (endTokenId === undefined)
    throw new WeightsError(`${path}: it is not CLIP's tokenizer.json: it has no token ${END}`);
  return { tokenize: await openTokenizer(path, { length, endTokenId, padTokenId: endTokenId }), endTokenId };
}

function endOf(text: string): number | undefined {
  try {
    const { added_tokens, model } = fileSchema.parse(JSON.parse(text));
    const added = added_tokens.find(({ content }) => content === END)?.id;
    return added ?? (Array.isArray(model.vocab) ? undefined : model.vocab?.[END]);
  } catch {
    return undefined;
  }
}
