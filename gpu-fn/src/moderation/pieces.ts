import { readFile } from "node:fs/promises";
import { Tokenizer } from "@huggingface/tokenizers";
import { fieldsOf } from "./fields.ts";

/** Converts text to ids of sentence pieces, between the begin and end ids. */
export type Pieces = (text: string) => readonly number[];

const [UNKNOWN, BEGIN, END] = [0, 1, 2];

/**
 * Opens SentencePiece's unigram model, each piece with its score (sentencepiece_model.proto). Hugging Face's unigram
 * tokenizer runs it after NFKC, which is what the model's own normaliser does to Latin letters.
 */
export async function openPieces(path: string): Promise<Pieces> {
  const vocab: [string, number][] = [];
  const utf8 = new TextDecoder();
  for (const { number, value } of fieldsOf(await readFile(path))) {
    if (number !== 1) continue;
    let [piece, score] = ["", 0];
    for (const field of fieldsOf(value)) {
      if (field.number === 1) piece = utf8.decode(field.value);
      if (field.number === 2)
        score = new DataView(field.value.buffer, field.value.byteOffset).getFloat32(0, true);
    }
    vocab.push([piece, score]);
  }
  const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: false };
  const tokenizer = new Tokenizer(
    {
      version: "1.0",
      added_tokens: [],
      normalizer: { type: "NFKC" },
      pre_tokenizer: metaspace,
      post_processor: null,
      decoder: metaspace,
      model: { type: "Unigram", unk_id: UNKNOWN, vocab, byte_fallback: false },
    },
    {},
  );
  return (text) => [BEGIN, ...tokenizer.encode(text.trim().replace(/\s+/g, " ")).ids, END];
}
