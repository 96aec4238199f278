/** The transformer cut after its first double block, in two sessions: what is skipped costs nothing. */
import type { KeptType } from "../../../src/graph/builder.ts";
import { buildFlux } from "../../../src/graph/flux.ts";
import type { FluxConfig } from "../../../src/graph/flux-config.ts";
import { cachedFeatures, fusedBlocks, type ValueOptions } from "../../../src/graph/flux-values.ts";
import { partFiles } from "../../../src/manifest/files.ts";
import type { Model } from "../../../src/model/model.ts";
import { openSession, type SessionOptions } from "../../../src/model/session.ts";
import {
  type Evaluation,
  fusionFeeds,
  type Transformer,
  transformerFeeds,
} from "../../../src/model/transformer.ts";
import { openWeights, type Weights } from "../../../src/safetensors/safetensors.ts";
import type { FeatureArray, Tensor } from "../../../src/tensor/tensor.ts";

/** What the first block comes to. Tokens are of the width D of the blocks. */
export interface FirstBlock {
  /** Image tokens [B, L, D] and prompt tokens [B, S, D] after the block. */
  readonly img: Float32Array;
  readonly txt: Float32Array;
  /** vec [B, D]. */
  readonly condition: Float32Array;
  /** What the block added to the image's tokens, [B, L, D]. */
  readonly residual: Float32Array;
  /** [B, L, out_channels], as it is if the other blocks add the `rest` that was given. */
  readonly velocity: Float32Array;
}

/** What the other blocks come to. */
export interface OtherBlocks {
  readonly velocity: Float32Array;
  /** What they added to the image's tokens, [B, L, D]. */
  readonly rest: Float32Array;
  /** As of a whole transformer. */
  readonly values: readonly FeatureArray[];
}

export interface SplitTransformer extends Omit<Transformer, "evaluate"> {
  /** @param rest what an earlier evaluation's other blocks added; default: nothing */
  first(evaluation: Evaluation, rest?: Float32Array): Promise<FirstBlock>;
  others(evaluation: Evaluation, first: FirstBlock): Promise<OtherBlocks>;
}

export interface SplitOptions {
  readonly values?: ValueOptions;
  readonly session?: SessionOptions;
}

/** @throws WeightsError, InputError as `openTransformer` */
export async function openSplit(
  weights: Weights,
  config: FluxConfig,
  { values, session = {} }: SplitOptions = {},
): Promise<SplitTransformer> {
  const { compute = "float32", int8Arithmetic = false } = session;
  const built = { compute, int8Arithmetic, ...(values ? { values } : {}) };
  const head = await openSession(buildFlux(weights, config, { ...built, part: "head" }), session);
  const tail = await openSession(buildFlux(weights, config, { ...built, part: "tail" }), session);
  const features = values ? cachedFeatures(config, values) : [];
  const recorded = features.map(({ output }) => output);
  const sources = features.map(({ source }) => source);
  const width = config.hidden_size;
  const tokens = (data: Float32Array, batch: number): Tensor => ({
    data,
    shape: [batch, data.length / batch / width, width],
  });
  const floats = (found: FeatureArray | undefined) => found as Float32Array;
  return {
    config,
    values,
    blocks: values ? fusedBlocks(config, values.blocks) : [],
    async first(evaluation, rest) {
      const batch = evaluation.times.length;
      const added = tokens(rest ?? new Float32Array(batch * width), batch);
      const found = await head.run({ ...transformerFeeds(config, batch, evaluation), rest: added });
      return {
        img: floats(found["first.img"]),
        txt: floats(found["first.txt"]),
        condition: floats(found.condition),
        residual: floats(found["first.residual"]),
        velocity: floats(found.velocity),
      };
    },
    async others(evaluation, first) {
      const batch = evaluation.times.length;
      const { rope_cos, rope_sin } = transformerFeeds(config, batch, evaluation);
      const feeds: Record<string, Tensor> = {
        img: tokens(first.img, batch),
        txt: tokens(first.txt, batch),
        condition: { data: first.condition, shape: [batch, width] },
        rope_cos: rope_cos as Tensor,
        rope_sin: rope_sin as Tensor,
        ...(values && fusionFeeds(config, batch, sources, evaluation.fusion, values.kept)),
      };
      const wanted = evaluation.record ? recorded : [];
      const found = await tail.runKept(feeds, ["velocity", "rest", ...wanted]);
      return {
        velocity: floats(found.velocity),
        rest: floats(found.rest),
        values: wanted.map((name) => found[name] as FeatureArray),
      };
    },
    async release() {
      await Promise.all([head.release(), tail.release()]);
    },
  };
}

/** V as the product keeps it. */
const KEPT: KeptType = "float16";

/** The same weights and way as a model's own transformer, split. */
export function openModelSplit(
  { manifest, execution }: Model,
  tuning: SessionOptions,
): Promise<SplitTransformer> {
  const { blocks, path: source, device: provider, compute } = execution;
  return openSplit(openWeights(...partFiles(manifest, manifest.flux)), manifest.flux.config, {
    session: { ...tuning, provider, compute },
    ...(blocks > 0 && { values: { blocks, rows: "image", source, kept: KEPT } }),
  });
}
