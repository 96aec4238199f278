/** The layers of FLUX (docs/algorithm.md section 1; black-forest-labs/flux layers.py) as nodes of a graph. */
import type { GraphBuilder } from "./builder.ts";
import type { FluxConfig } from "./flux-config.ts";
import type { EmbedderNames, SingleNames, StreamNames } from "./flux-names.ts";
import type { Feature } from "./fusion-options.ts";
import { int8Linear } from "./int8-arithmetic.ts";
import { type Linear, linear } from "./linear.ts";

const EPSILON = 1e-6;
const FLOAT16_MAX = 65_504;

export interface QueryKeyValue {
  readonly q: string;
  readonly k: string;
  readonly v: string;
}

/** Changes a block's V or rotated K, [B, S+L, width], before attention; both may be extended by the same number of rows. */
export type FeatureHook = (feature: Feature, value: string) => string;

/** Number of batch rows: fixed in the graph, or any. */
export type Batch = number | "batch";

/**
 * Tokens pass through the graph as [rows, width] for batch 1, where LayerNormalization uses the modulation as its
 * scale and bias, and as [B, rows, width] otherwise.
 */
export class FluxLayers {
  readonly g: GraphBuilder;
  readonly batch: Batch;
  readonly #int8: boolean;
  readonly #width: number;
  readonly #heads: number;
  readonly #rope: readonly [position: string, cos: string, sin: string];

  /** @param int8 whether the blocks' linear layers multiply eight-bit integers */
  constructor(g: GraphBuilder, config: FluxConfig, batch: Batch, int8 = false) {
    this.g = g;
    this.batch = batch;
    this.#int8 = int8;
    this.#width = config.hidden_size;
    this.#heads = config.num_heads;
    const half = config.hidden_size / config.num_heads / 2;
    this.#rope = [
      g.ints([0]),
      g.input("rope_cos", "float", ["all_tokens", half]),
      g.input("rope_sin", "float", ["all_tokens", half]),
    ];
  }

  /** Axis of the token rows. */
  get rowAxis(): number {
    return this.batch === 1 ? 0 : 1;
  }

  /** Reshapes [B, rows, width] to the form of tokens in this graph. */
  tokens(value: string, width: number): string {
    return this.batch === 1 ? this.g.reshape(value, [-1, width]) : value;
  }

  /** Reshapes tokens back to [B, rows, width]. */
  batched(value: string, width: number): string {
    return this.batch === 1 ? this.g.reshape(value, [1, -1, width]) : value;
  }

  /** x Wᵀ + b for tokens inside a block. */
  linear(x: string, layer: Linear): string {
    return this.#multiplied(this.#int8 ? int8Linear : linear, x, layer);
  }

  /** The same at either end of the transformer, where tokens enter and velocities leave. */
  endLinear(x: string, layer: Linear): string {
    return this.#multiplied(linear, x, layer);
  }

  #multiplied(multiply: typeof linear, x: string, layer: Linear): string {
    const { g } = this;
    if (this.batch === 1) return multiply(g, x, layer);
    const rows = multiply(g, g.reshape(x, [-1, layer.in]), layer);
    const [from, to] = layer.rows ?? [0, layer.out];
    const shape = g.op("Concat", [g.op("Shape", [x], { end: 2 }), g.ints([to - from])], { axis: 0 });
    return g.op("Reshape", [rows, shape]);
  }

  silu(x: string): string {
    return this.g.op("Mul", [x, this.g.op("Sigmoid", [x])]);
  }

  /** Linear, SiLU, Linear on one vector per batch row. */
  embedder(x: string, names: EmbedderNames): string {
    return linear(this.g, this.silu(linear(this.g, x, names.in)), names.out);
  }

  /** The `count` modulation vectors of a layer, from SiLU(vec). */
  modulation(active: string, layer: Linear, count: number): string[] {
    const all = linear(this.g, active, layer);
    const sizes = Array.from({ length: count }, () => this.#width);
    if (this.batch === 1) return this.g.split(this.g.reshape(all, [-1]), sizes, 0);
    return this.g.split(this.g.op("Unsqueeze", [all, this.g.ints([1])]), sizes, 2);
  }

  /** (1 + scale) LN(x) + shift; LN has no scale or bias of its own. */
  modulate(x: string, shift: string, scale: string): string {
    const { g } = this;
    const factor = g.op("Add", [scale, g.scalar(1)]);
    const attributes = { axis: -1, epsilon: { float: EPSILON } };
    if (this.batch === 1) return g.op("LayerNormalization", [x, factor, shift], attributes);
    const normal = g.op("LayerNormalization", [x, g.ones(this.#width)], attributes);
    return g.op("Add", [g.op("Mul", [normal, factor]), shift]);
  }

  /** x + gate · update. In float16, sums beyond the range are clamped to it, as in the reference. */
  residual(x: string, gate: string, update: string): string {
    const { g } = this;
    const sum = g.op("Add", [x, g.op("Mul", [update, gate])]);
    if (g.compute !== "float16") return sum;
    return g.op("Clip", [sum, g.scalar(-FLOAT16_MAX), g.scalar(FLOAT16_MAX)]);
  }

  /** q, k (normalised per head) and v of modulated tokens, each [B, rows, width]. */
  queryKeyValue(x: string, names: StreamNames | SingleNames): QueryKeyValue {
    const v = this.batched(this.linear(x, names.v), this.#width);
    return { q: this.#head(x, names.q, names.queryNorm), k: this.#head(x, names.k, names.keyNorm), v };
  }

  /** Linear, then RMSNorm over each head. */
  #head(x: string, layer: Linear, norm: string): string {
    const { g } = this;
    const size = this.#width / this.#heads;
    const heads = g.reshape(this.batched(this.linear(x, layer), this.#width), [0, 0, this.#heads, size]);
    const normal = g.op("SimplifiedLayerNormalization", [heads, g.weight(norm, [size])], {
      axis: -1,
      epsilon: { float: EPSILON },
      stash_type: 1,
    });
    return g.reshape(normal, [0, 0, this.#width]);
  }

  /** Rotates q and k, then softmax(q kᵀ / √head) v: [B, S+L, width]. No mask. `change` gets v and the rotated k. */
  attention({ q, k, v }: QueryKeyValue, change: FeatureHook = (_, value) => value): string {
    const rotate = (x: string) =>
      this.g.microsoft("RotaryEmbedding", [x, ...this.#rope], { interleaved: 1, num_heads: this.#heads });
    const values = change("v", v);
    const [queries, keys] = [rotate(q), change("k", rotate(k))];
    return this.g.microsoft("MultiHeadAttention", [queries, keys, values], { num_heads: this.#heads });
  }

  /** GELU(x Wᵀ + b). On a GPU, adding b would take another product, so GELU adds it there. */
  hidden(x: string, layer: Linear): string {
    const { g } = this;
    if (g.compute === "float32" || !layer.bias)
      return g.op("Gelu", [this.linear(x, layer)], { approximate: "tanh" });
    const { name, out, rows = [0, out] } = layer;
    const bias = g.weight(`${name}.bias`, [out], { rows });
    return g.microsoft("FastGelu", [this.linear(x, { ...layer, bias: false }), bias]);
  }
}
