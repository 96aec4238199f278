/** The FLUX transformer, ready to run: velocities of latents, and the V features that detailing trades in. */
import { buildFlux } from "../graph/flux.ts";
import type { FluxConfig } from "../graph/flux-config.ts";
import { cachedFeatures, fusedBlocks } from "../graph/flux-values.ts";
import type { ValueOptions } from "../graph/fusion-options.ts";
import type { Weights } from "../safetensors/safetensors.ts";
import { type RopeTables, TIME_CHANNELS, timestepEmbedding } from "../tensor/packing.ts";
import type { FeatureArray, Feeds, Tensor } from "../tensor/tensor.ts";
import { openSession, type SessionOptions } from "./session.ts";

export interface TransformerOptions {
  /** Rows of the batch; paired transformers take any number. Default 1. */
  readonly batch?: number;
  /** V features, and K on request, in and out; absent: the plain transformer. */
  readonly values?: ValueOptions;
  /** Also return the tokens after each block, for debugging. */
  readonly trace?: boolean;
  readonly session?: SessionOptions;
}

/** Source V to mix in (Eq. 15). */
export interface ValueFusion {
  /** M by row, in 0..1: 1 keeps the target's V, 0 takes the source's. */
  readonly mask: Float32Array;
  /** With a cache: one [B, rows, width] array a fused block, in their order; then K, if it is fused. Paired: absent. */
  readonly sources?: readonly FeatureArray[];
}

export interface Evaluation {
  /** Packed latent tokens [B, L, in_channels]. */
  readonly latent: Float32Array;
  /** t in 0..1, one a batch row; t = 1 is noise. */
  readonly times: readonly number[];
  /** T5 tokens [B, S, context_in_dim]. */
  readonly txt: Float32Array;
  /** Pooled CLIP vectors [B, vec_in_dim]. */
  readonly vec: Float32Array;
  /** Guidance, one a batch row; ignored by models without it. */
  readonly guidance: readonly number[];
  /** Tables for the S + L tokens. */
  readonly rope: RopeTables;
  readonly fusion?: ValueFusion;
  /** m: the last so many blocks are fused and recorded. Default: all that the transformer was opened for. */
  readonly valueBlocks?: number;
  /** Return the V features, as attention saw them. */
  readonly record?: boolean;
}

export interface Evaluated {
  /** [B, L, out_channels]. */
  readonly velocity: Float32Array;
  /** One [B, rows, width] array a fused block when recording, then those of K if it is fused; else none. */
  readonly values: readonly FeatureArray[];
  readonly trace: Readonly<Record<string, Float32Array>>;
}

export interface Transformer {
  readonly config: FluxConfig;
  readonly values: ValueOptions | undefined;
  /** Numbers of the blocks whose V can be fused. */
  readonly blocks: readonly number[];
  evaluate(evaluation: Evaluation): Promise<Evaluated>;
  release(): Promise<void>;
}

/**
 * Opens the transformer, in black-forest-labs' or diffusers' naming. Throws WeightsError where weights and config
 * disagree, InputError where V of more single blocks is asked for than there are.
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
      const features = values ? cachedFeatures(config, values, valueBlocks) : [];
      const recorded = features.map(({ output }) => output);
      const wanted = ["velocity", ...(evaluation.record ? recorded : []), ...traced];
      const results = await session.runKept(feeds, wanted);
      const floats = (name: string) => {
        const found = results[name];
        return found instanceof Float32Array ? found : new Float32Array();
      };
      return {
        velocity: floats("velocity"),
        values: evaluation.record ? recorded.map((name) => results[name] ?? new Float32Array()) : [],
        trace: Object.fromEntries(traced.map((name) => [name, floats(name)])),
      };
    },
    release: () => session.release(),
  };
}

/** What a graph of `buildFlux` takes of an evaluation, beside its fusion. */
export function transformerFeeds(config: FluxConfig, batch: number, evaluation: Evaluation): Feeds {
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

/**
 * What `fuseValues` takes, of the last `blocks`. Blocks that are not fused, and all of them without a fusion, get a mask of 1
 * and a source of one row of 0, which leaves V as it is.
 */
export function fusionFeeds(
  config: FluxConfig,
  batch: number,
  values: ValueOptions,
  fusion: ValueFusion | undefined,
  blocks: number,
): Feeds {
  const width = config.hidden_size;
  const rows = fusion?.mask.length ?? 1;
  const sides = fusion && values.source === "paired" ? batch : 1;
  const mask = new Float32Array(sides * rows * values.blocks).fill(1);
  if (fusion) fillColumns(mask, fusion.mask, { sides, columns: values.blocks, fused: blocks });
  const feeds: Record<string, Tensor> = { mask: { data: mask, shape: [sides, rows, values.blocks] } };
  const given = new Map(
    cachedFeatures(config, values, blocks).map(({ source }, index) => [source, fusion?.sources?.[index]]),
  );
  for (const { source } of cachedFeatures(config, values)) {
    const none = values.kept === "float16" ? Uint16Array : Float32Array;
    const data = given.get(source) ?? new none(batch * width);
    feeds[source] = { data, shape: [batch, data.length / batch / width, width] };
  }
  return feeds;
}

interface Columns {
  /** Rows of the batch. If there are several, the first is the source, whose V stays as it is. */
  readonly sides: number;
  /** Blocks, of which the last `fused` have the mask. */
  readonly columns: number;
  readonly fused: number;
}

/** Writes a mask into the columns of its blocks, [sides, rows, columns]. */
function fillColumns(into: Float32Array, mask: Float32Array, { sides, columns, fused }: Columns): void {
  const size = mask.length * columns;
  for (let side = sides === 1 ? 0 : 1; side < sides; side++)
    for (const [row, value] of mask.entries()) {
      const end = side * size + (row + 1) * columns;
      into.fill(value, end - fused, end);
    }
}

function traceNames(config: FluxConfig): string[] {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  return [
    "condition",
    ...numbers(config.depth).flatMap((block) => [`double.${block}.img`, `double.${block}.txt`]),
    ...numbers(config.depth_single_blocks).map((block) => `single.${block}`),
  ];
}
