/** The CLIP text tower as an ONNX graph (docs/algorithm.md section 3), in Hugging Face names. */
import { WeightsError } from "../errors.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import { type ComputeType, type Graph, GraphBuilder } from "./builder.ts";

/** The configuration, with Hugging Face's names (`text_encoder/config.json`). */
export interface ClipConfig {
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly max_position_embeddings: number;
  readonly layer_norm_eps?: number;
  /** `quick_gelu` (OpenAI) or `gelu`. */
  readonly hidden_act?: string;
  /** Width of text_projection, if the weights have one. */
  readonly projection_dim?: number;
  /** 2 in old configurations: the pooled row is then that of the largest id. */
  readonly eos_token_id: number;
}

/** Hugging Face's name of the projection [projection_dim, width], and OpenAI's, whose tensor is the transpose. */
const PROJECTION = { rows: "text_projection.weight", columns: "text_projection" } as const;

/** Whether the weights can give text embeddings, not only pooled states. */
export function hasTextProjection(weights: Weights): boolean {
  return Object.values(PROJECTION).some((name) => weights.has(name));
}

/**
 * Inputs: `input_ids` int32 [B, S], and `pooled_rows` int32 [B], which of the B·S rows is pooled. Outputs:
 * `last_hidden_state` [B, S, width] after the final LN, `pooled` [B, width] and, with a projection, `text_embeds`
 * [B, projection_dim], not normalised.
 */
export function buildClip(weights: Weights, config: ClipConfig, compute?: ComputeType): Graph {
  const g = new GraphBuilder("clip", weights, compute);
  const { hidden_size: width, max_position_embeddings: positions } = config;
  const ids = g.input("input_ids", "int32", ["batch", "tokens"]);
  const rows = g.input("pooled_rows", "int32", ["batch"]);
  const table = g.weight("text_model.embeddings.token_embedding.weight", [config.vocab_size, width]);
  const place = g.weight("text_model.embeddings.position_embedding.weight", [positions, width]);
  const length = g.op("Shape", [ids], { start: 1, end: 2 });
  const used = g.op("Slice", [place, g.ints([0]), length, g.ints([0])]);
  const batched = g.op("Concat", [g.op("Shape", [ids]), g.ints([width])], { axis: 0 });

  let x = g.reshape(g.op("Add", [g.op("Gather", [table, ids]), used]), [-1, width]);
  const norm = (value: string, name: string) =>
    g.op(
      "LayerNormalization",
      [value, g.weight(`${name}.weight`, [width]), g.weight(`${name}.bias`, [width])],
      { axis: -1, epsilon: { float: config.layer_norm_eps ?? 1e-5 } },
    );
  const linear = (value: string, name: string, from: number, to: number) =>
    g.op("Gemm", [value, g.weight(`${name}.weight`, [to, from]), g.weight(`${name}.bias`, [to])], {
      transB: 1,
    });

  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const at = `text_model.encoder.layers.${layer}`;
    const y = norm(x, `${at}.layer_norm1`);
    const heads = (part: string) =>
      g.op("Reshape", [linear(y, `${at}.self_attn.${part}_proj`, width, width), batched]);
    const attended = g.microsoft("MultiHeadAttention", [heads("q"), heads("k"), heads("v")], {
      num_heads: config.num_attention_heads,
      unidirectional: 1,
    });
    const out = linear(g.reshape(attended, [-1, width]), `${at}.self_attn.out_proj`, width, width);
    x = g.op("Add", [x, out]);
    const hidden = linear(norm(x, `${at}.layer_norm2`), `${at}.mlp.fc1`, width, config.intermediate_size);
    const active = activation(g, hidden, config.hidden_act ?? "quick_gelu");
    x = g.op("Add", [x, linear(active, `${at}.mlp.fc2`, config.intermediate_size, width)]);
  }

  const last = norm(x, "text_model.final_layer_norm");
  const pooled = g.op("Gather", [last, rows], { axis: 0 });
  g.output("last_hidden_state", g.op("Reshape", [last, batched]), ["batch", "tokens", width]);
  g.output("pooled", pooled, ["batch", width]);
  if (hasTextProjection(weights)) {
    const size = config.projection_dim ?? width;
    const embeds = weights.has(PROJECTION.rows)
      ? g.op("Gemm", [pooled, g.weight(PROJECTION.rows, [size, width])], { transB: 1 })
      : g.op("Gemm", [pooled, g.weight(PROJECTION.columns, [width, size])]);
    g.output("text_embeds", embeds, ["batch", size]);
  }
  return g.build();
}

function activation(g: GraphBuilder, x: string, name: string): string {
  if (name === "quick_gelu") return g.microsoft("QuickGelu", [x], { alpha: { float: 1.702 } });
  if (name === "gelu") return g.op("Gelu", [x], { approximate: "none" });
  throw new WeightsError(`clip: the activation "${name}" is not supported`);
}
