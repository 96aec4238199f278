import { join } from "node:path";
import { WeightsError } from "../../../src/errors.ts";
import { partFiles } from "../../../src/manifest/files.ts";
import type { Manifest } from "../../../src/manifest/manifest.ts";
import { paslOf } from "../../../src/manifest/pasl-part.ts";
import { openTokenizer, type Tokenize } from "../../../src/manifest/tokenizer.ts";
import { type Clip, openClip } from "../../../src/model/clip.ts";
import { openPasl, type Pasl } from "../../../src/model/pasl.ts";
import type { SessionOptions } from "../../../src/model/session.ts";
import { openWeights, type Weights } from "../../../src/safetensors/safetensors.ts";

/** What locates a text, each part apart, where the product has them in one. */
export interface PaslParts {
  readonly weights: { readonly clip: Weights; readonly pasl: Weights };
  readonly clip: Clip;
  readonly pasl: Pasl;
  readonly tokenize: Tokenize;
  /** Text embeddings [n, text_dim]. */
  embed(texts: readonly string[]): Promise<Float32Array>;
  release(): Promise<void>;
}

export async function openPaslParts(manifest: Manifest, session: SessionOptions = {}): Promise<PaslParts> {
  const weights = {
    clip: openWeights(...partFiles(manifest, manifest.clip)),
    pasl: openWeights(...partFiles(manifest, paslOf(manifest))),
  };
  const { config, length, tokenizer } = manifest.clip;
  const tokenize = await openTokenizer(join(manifest.folder, tokenizer), {
    length,
    endTokenId: config.eos_token_id,
    padTokenId: config.pad_token_id,
  });
  const clip = await openClip(weights.clip, config, session);
  const pasl = await openPasl(weights.pasl, paslOf(manifest).config, session);
  return {
    weights,
    clip,
    pasl,
    tokenize,
    async embed(texts) {
      const { textEmbeds } = await clip.encode(texts.map(tokenize));
      if (textEmbeds === undefined) throw new WeightsError("the CLIP text tower has no text_projection");
      return textEmbeds;
    },
    async release() {
      await clip.release();
      await pasl.release();
    },
  };
}
