/** The source's features as inputs of a `buildFlux` graph: V to mix in, and K and V of tokens that are not computed. */
import { backgroundFeatures } from "../graph/flux-background.ts";
import type { FluxConfig } from "../graph/flux-config.ts";
import { cachedFeatures } from "../graph/flux-values.ts";
import type { ValueOptions } from "../graph/fusion-options.ts";
import type { FeatureArray, Feeds, Tensor } from "../tensor/tensor.ts";

/** Source V to mix in (Eq. 15). */
export interface ValueFusion {
  /** M for each row, in 0..1: 1 keeps the target's V, 0 takes the source's. */
  readonly mask: Float32Array;
  /** With a cache: one [B, rows, width] array per fused block, in order; then K if it is fused. Paired: absent. */
  readonly sources?: readonly FeatureArray[];
}

/**
 * Inputs of `fuseValues` for the last `blocks` blocks. Blocks that are not fused, and all blocks without a fusion, get a
 * mask of 1 and a source of one row of 0, which leaves V unchanged.
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
    const data = given.get(source) ?? keptArray(values, batch * width);
    feeds[source] = { data, shape: [batch, data.length / batch / width, width] };
  }
  return feeds;
}

/** Inputs of `openBackground`; empty if all tokens are computed. */
export function backgroundFeeds(
  config: FluxConfig,
  values: ValueOptions,
  background: readonly FeatureArray[] | undefined,
): Feeds {
  const { hidden_size: width } = config;
  const none = keptArray(values, 0);
  return Object.fromEntries(
    backgroundFeatures(config).map(({ kept }, index) => {
      const data = background?.[index] ?? none;
      return [kept, { data, shape: [1, data.length / width, width] }];
    }),
  );
}

/** Zeros of the type in which features enter and leave the graph. */
const keptArray = ({ kept }: ValueOptions, length: number): FeatureArray =>
  kept === "float16" ? new Uint16Array(length) : new Float32Array(length);

interface Columns {
  /** Rows of the batch. If there are several, the first is the source, whose V stays unchanged. */
  readonly sides: number;
  /** Number of blocks; the last `fused` of them have the mask. */
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
