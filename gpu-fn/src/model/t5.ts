/** The T5 encoder, ready to run (docs/algorithm.md section 3). */
import { buildT5, type T5Config } from "../graph/t5.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import { openSession, type SessionOptions } from "./session.ts";

export interface T5 {
  readonly config: T5Config;
  /** Encodes rows of token ids, all of the same length, padding included, to [B, S, d_model]. */
  encode(ids: readonly (readonly number[])[]): Promise<Float32Array>;
  release(): Promise<void>;
}

/**
 * Bucket of the distance key − query. Each direction has half of the buckets. In each half, the first half has one bucket
 * per distance, the rest are logarithmic up to `maxDistance` (T5 `_relative_position_bucket`, bidirectional, in float32
 * as there: at powers of two the last bit decides).
 */
export function relativeBucket(distance: number, buckets = 32, maxDistance = 128): number {
  const half = buckets / 2;
  const exact = half / 2;
  const far = Math.abs(distance);
  const start = distance > 0 ? half : 0;
  if (far < exact) return start + far;
  const { fround, log } = Math;
  const place = fround(fround(log(fround(far / exact))) / fround(log(maxDistance / exact)));
  return start + Math.min(exact + Math.floor(fround(place * (half - exact))), half - 1);
}

/** Buckets [S, S] of every query (row) and key (column). */
export function relativeBuckets(length: number, config: T5Config): Int32Array {
  const table = new Int32Array(length * length);
  for (let query = 0; query < length; query++) {
    for (let key = 0; key < length; key++) {
      table[query * length + key] = relativeBucket(
        key - query,
        config.relative_attention_num_buckets,
        config.relative_attention_max_distance,
      );
    }
  }
  return table;
}

/** Opens the encoder. Throws WeightsError if weights and config disagree. */
export async function openT5(weights: Weights, config: T5Config, options: SessionOptions = {}): Promise<T5> {
  const session = await openSession(buildT5(weights, config, options.compute), options);
  return {
    config,
    async encode(ids) {
      const length = ids[0]?.length ?? 0;
      if (ids.some((row) => row.length !== length)) throw new RangeError("token rows must have one length");
      const { last_hidden_state: hidden = new Float32Array() } = await session.run({
        input_ids: { data: Int32Array.from(ids.flat()), shape: [ids.length, length] },
        buckets: { data: relativeBuckets(length, config), shape: [length, length] },
      });
      return hidden;
    },
    release: () => session.release(),
  };
}
