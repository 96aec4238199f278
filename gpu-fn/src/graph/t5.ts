/** The T5 v1.1 encoder as an ONNX graph (docs/algorithm.md section 3), in Hugging Face names. */
import { WeightsError } from "../errors.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import { type ComputeType, type Graph, GraphBuilder } from "./builder.ts";
import { linear } from "./linear.ts";

/** The configuration, with Hugging Face's names (`text_encoder_2/config.json`). */
export interface T5Config {
  readonly vocab_size: number;
  readonly d_model: number;
  /** Head size; heads · d_kv may differ from d_model. */
  readonly d_kv: number;
  readonly d_ff: number;
  readonly num_layers: number;
  readonly num_heads: number;
  readonly relative_attention_num_buckets?: number;
  readonly relative_attention_max_distance?: number;
  readonly layer_norm_epsilon?: number;
  readonly feed_forward_proj?: string;
}

/**
 * Inputs: `input_ids` int32 [B, S] and `buckets` int32 [S, S] from `relativeBuckets`. Output: `last_hidden_state`
 * [B, S, d_model]. Every token attends to every other, padding included, as FLUX was trained; scores are not scaled.
 */
export function buildT5(weights: Weights, config: T5Config, compute?: ComputeType): Graph {
  const feed = config.feed_forward_proj ?? "gated-gelu";
  if (feed !== "gated-gelu") throw new WeightsError(`t5: feed_forward_proj "${feed}" is not supported`);
  const g = new GraphBuilder("t5", weights, compute);
  const { d_model: width, num_heads: heads } = config;
  const inner = heads * config.d_kv;
  const ids = g.input("input_ids", "int32", ["batch", "tokens"]);
  const buckets = g.input("buckets", "int32", ["tokens", "tokens"]);
  const embedding = ["shared.weight", "encoder.embed_tokens.weight"].find((name) => weights.has(name));
  const table = g.weight(embedding ?? "shared.weight", [config.vocab_size, width]);
  const batched = g.op("Concat", [g.op("Shape", [ids]), g.ints([-1])], { axis: 0 });
  const relative = g.weight("encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", [
    config.relative_attention_num_buckets ?? 32,
    heads,
  ]);
  const perHead = g.op("Transpose", [g.op("Gather", [relative, buckets])], { perm: [2, 0, 1] });
  const bias = g.op("Unsqueeze", [perHead, g.ints([0])]);

  const norm = (value: string, name: string) =>
    g.op("SimplifiedLayerNormalization", [value, g.weight(`${name}.weight`, [width])], {
      axis: -1,
      epsilon: { float: config.layer_norm_epsilon ?? 1e-6 },
      stash_type: 1,
    });
  const project = (value: string, name: string, from: number, to: number) =>
    linear(g, value, { name, out: to, in: from, bias: false });

  let x = g.reshape(g.op("Gather", [table, ids]), [-1, width]);
  for (let block = 0; block < config.num_layers; block++) {
    const attention = `encoder.block.${block}.layer.0`;
    const y = norm(x, `${attention}.layer_norm`);
    const part = (name: string) =>
      g.op("Reshape", [project(y, `${attention}.SelfAttention.${name}`, width, inner), batched]);
    const attended = g.microsoft("MultiHeadAttention", [part("q"), part("k"), part("v"), "", "", bias], {
      num_heads: heads,
      scale: { float: 1 },
    });
    x = g.op("Add", [
      x,
      project(g.reshape(attended, [-1, inner]), `${attention}.SelfAttention.o`, inner, width),
    ]);

    const dense = `encoder.block.${block}.layer.1`;
    const z = norm(x, `${dense}.layer_norm`);
    const gate = g.op("Gelu", [project(z, `${dense}.DenseReluDense.wi_0`, width, config.d_ff)], {
      approximate: "tanh",
    });
    const gated = g.op("Mul", [gate, project(z, `${dense}.DenseReluDense.wi_1`, width, config.d_ff)]);
    x = g.op("Add", [x, project(gated, `${dense}.DenseReluDense.wo`, config.d_ff, width)]);
  }
  const last = g.op("Reshape", [norm(x, "encoder.final_layer_norm"), batched]);
  g.output("last_hidden_state", last, ["batch", "tokens", width]);
  return g.build();
}
