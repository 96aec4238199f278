/** The CLIP text tower, ready to run (docs/algorithm.md section 3). */
import { buildClip, type ClipConfig, hasTextProjection } from "../graph/clip.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import { openSession, type SessionOptions } from "./session.ts";

export interface ClipFeatures {
  /** [B, S, hidden_size] after the final LN. */
  readonly lastHidden: Float32Array;
  /** [B, hidden_size]: FLUX's `vec`. */
  readonly pooled: Float32Array;
  /** PASL's text embedding [B, projection_dim], not normalised; absent without a text projection. */
  readonly textEmbeds: Float32Array | undefined;
}

export interface Clip {
  readonly config: ClipConfig;
  /** Encodes rows of token ids, all of one length, at most max_position_embeddings. */
  encode(ids: readonly (readonly number[])[]): Promise<ClipFeatures>;
  release(): Promise<void>;
}

/**
 * Position of the token whose state represents the text: the first end-of-text. Configurations with
 * `eos_token_id: 2` are older than the fix in transformers and mean the largest id, which is end-of-text.
 */
export function pooledPosition(ids: readonly number[], eosTokenId: number): number {
  const position = ids.indexOf(eosTokenId === 2 ? Math.max(...ids) : eosTokenId);
  return Math.max(position, 0);
}

/** Opens the tower. Throws WeightsError if weights and config disagree. */
export async function openClip(
  weights: Weights,
  config: ClipConfig,
  options: SessionOptions = {},
): Promise<Clip> {
  const session = await openSession(buildClip(weights, config), options);
  return {
    config,
    async encode(ids) {
      const length = ids[0]?.length ?? 0;
      if (length > config.max_position_embeddings || ids.some((row) => row.length !== length)) {
        throw new RangeError(`token rows must have one length up to ${config.max_position_embeddings}`);
      }
      const rows = ids.map((row, index) => index * length + pooledPosition(row, config.eos_token_id));
      const results = await session.run({
        input_ids: { data: Int32Array.from(ids.flat()), shape: [ids.length, length] },
        pooled_rows: { data: Int32Array.from(rows), shape: [rows.length] },
      });
      const { last_hidden_state: lastHidden = new Float32Array(), pooled = new Float32Array() } = results;
      return { lastHidden, pooled, textEmbeds: hasTextProjection(weights) ? results.text_embeds : undefined };
    },
    release: () => session.release(),
  };
}
