/** The FLUX transformer, ready to run: velocities of latents, and the V features that detailing uses. */
import { buildFlux } from "../graph/flux.ts";
import { backgroundFeatures } from "../graph/flux-background.ts";
import type { FluxConfig } from "../graph/flux-config.ts";
import { cachedFeatures, fusedBlocks } from "../graph/flux-values.ts";
import type { ValueOptions } from "../graph/fusion-options.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import { type RopeTables, TIME_CHANNELS, timestepEmbedding } from "../tensor/packing.ts";
import type { FeatureArray, Feeds, Recording, Tensor } from "../tensor/tensor.ts";
import { backgroundFeeds, fusionFeeds, type ValueFusion } from "./feature-feeds.ts";
import { openSession, type SessionOptions } from "./session.ts";

export interface TransformerOptions {
  /** Rows of the batch; paired transformers take any number. Default 1. */
  readonly batch?: number;
  /** V features, and optionally K, as inputs and outputs; absent: the plain transformer. */
  readonly values?: ValueOptions;
  /** Also returns the tokens after each block, for debugging. */
  readonly trace?: boolean;
  readonly session?: SessionOptions;
}

export interface Evaluation {
  /** Packed latent tokens [B, L, in_channels]. */
  readonly latent: Float32Array;
  /** t in 0..1, one per batch row; t = 1 is noise. */
  readonly times: readonly number[];
  /** T5 tokens [B, S, context_in_dim]. */
  readonly txt: Float32Array;
  /** Pooled CLIP vectors [B, vec_in_dim]. */
  readonly vec: Float32Array;
  /** Guidance, one per batch row; ignored by models without it. */
  readonly guidance: readonly number[];
  /** RoPE tables for the S + L tokens. */
  readonly rope: RopeTables;
  readonly fusion?: ValueFusion;
  /** m: the number of last blocks that are fused and recorded. Default: all that the transformer was opened for. */
  readonly valueBlocks?: number;
  /** K and V of the tokens that are not computed, [rows, width] each, in the order of `backgroundFeatures`. */
  readonly background?: readonly FeatureArray[];
  /** Also returns V as attention used it, or K and V of all blocks in the order of `backgroundFeatures`. */
  readonly record?: Recording;
}

export interface Evaluated {
  /** [B, L, out_channels]. */
  readonly velocity: Float32Array;
  /** Recorded features, [B, rows, width] each: V of each fused block, then K if it is fused. */
  readonly values: readonly FeatureArray[];
  readonly trace: Readonly<Record<string, Float32Array>>;
}

export interface Transformer {
  readonly config: FluxConfig;
  readonly values: ValueOptions | undefined;
  /** Indices of the blocks whose V can be fused. */
  readonly blocks: readonly number[];
  evaluate(evaluation: Evaluation): Promise<Evaluated>;
  release(): Promise<void>;
}

/**
 * Opens the transformer, in black-forest-labs' or diffusers' naming. Throws WeightsError if weights and config
 * disagree, InputError if V of more single blocks is requested than there are.
 */
export async function openTransformer(
  weights: Weights,
  config: FluxConfig,
  options: TransformerOptions = {},
): Promise<Transformer> {
  const { values } = options;
  const { compute = "float32", int8Arithmetic = false } = options.session ?? {};
  const graph = buildFlux(weights, config, { ...options, compute, int8Arithmetic });
  const session = await openSession(graph, options.session);
  const blocks = values ? fusedBlocks(config, values.blocks) : [];
  const traced = options.trace ? traceNames(config) : [];
  return {
    config,
    values,
    blocks,
    async evaluate(evaluation) {
      const batch = evaluation.times.length;
      const { valueBlocks = values?.blocks ?? 0 } = evaluation;
      const feeds: Record<string, Tensor> = { ...transformerFeeds(config, batch, evaluation) };
      if (values) Object.assign(feeds, fusionFeeds(config, batch, values, evaluation.fusion, valueBlocks));
      if (values?.source === "background")
        Object.assign(feeds, backgroundFeeds(config, values, evaluation.background));
      const recorded = recordedNames(config, values, evaluation.record, valueBlocks);
      const wanted = ["velocity", ...recorded, ...traced];
      const results = await session.runKept(feeds, wanted);
      const floats = (name: string) => {
        const found = results[name];
        return found instanceof Float32Array ? found : new Float32Array();
      };
      return {
        velocity: floats("velocity"),
        values: recorded.map((name) => results[name] ?? new Float32Array()),
        trace: Object.fromEntries(traced.map((name) => [name, floats(name)])),
      };
    },
    release: () => session.release(),
  };
}

/** Inputs of a `buildFlux` graph for an evaluation, without those for fusion. */
function transformerFeeds(config: FluxConfig, batch: number, evaluation: Evaluation): Feeds {
  const { latent, txt, vec, times, guidance, rope } = evaluation;
  const half = config.hidden_size / config.num_heads / 2;
  const feeds: Record<string, Tensor> = {
    img: { data: latent, shape: [batch, latent.length / batch / config.in_channels, config.in_channels] },
    txt: { data: txt, shape: [batch, txt.length / batch / config.context_in_dim, config.context_in_dim] },
    vec: { data: vec, shape: [batch, config.vec_in_dim] },
    time: { data: timestepEmbedding(times), shape: [batch, TIME_CHANNELS] },
    rope_cos: { data: rope.cos, shape: [rope.rows, half] },
    rope_sin: { data: rope.sin, shape: [rope.rows, half] },
  };
  if (config.guidance_embed)
    feeds.guidance = { data: timestepEmbedding(guidance), shape: [batch, TIME_CHANNELS] };
  return feeds;
}

function recordedNames(
  config: FluxConfig,
  values: ValueOptions | undefined,
  record: Recording | undefined,
  blocks: number,
): string[] {
  if (values === undefined || record === undefined) return [];
  const features =
    record === "background" ? backgroundFeatures(config) : cachedFeatures(config, values, blocks);
  return features.map(({ output }) => output);
}

function traceNames(config: FluxConfig): string[] {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  return [
    "condition",
    ...numbers(config.depth).flatMap((block) => [`double.${block}.img`, `double.${block}.txt`]),
    ...numbers(config.depth_single_blocks).map((block) => `single.${block}`),
  ];
}
