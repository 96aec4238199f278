/**
 * The V features of the last single blocks as inputs and outputs of the graph (docs/algorithm.md section 5; Eq. 15):
 * V' = M·V + (1−M)·V_source. V is taken before attention, without norm or RoPE, so the heads' layout does not
 * matter. Optionally K as well: then M = 0 is mutual self-attention (MasaCtrl, arXiv 2304.08465, Algorithm 1).
 */

import { InputError } from "../errors.ts";
import type { FluxConfig } from "./flux-config.ts";
import type { FluxLayers } from "./flux-layers.ts";
import { featureNames, rowMixer } from "./flux-rows.ts";
import type { Feature } from "./fusion-options.ts";
import { IMAGE_VALUES, type ValueOptions } from "./fusion-options.ts";

/** Indices of the single blocks whose V is fused: the last m. Throws InputError if there are fewer. */
export function fusedBlocks(config: FluxConfig, blocks: number): number[] {
  const { depth_single_blocks: depth } = config;
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > depth) {
    throw new InputError(
      "option_invalid",
      `V of ${blocks} single blocks was asked for; the model has ${depth}`,
    );
  }
  return Array.from({ length: blocks }, (_, index) => depth - blocks + index);
}

/**
 * Names of the features of the last `count` blocks that go in and out of the graph: V block by block, then K. Empty if
 * paired. Default: all blocks that the graph can fuse.
 */
export function cachedFeatures(
  config: FluxConfig,
  options: ValueOptions,
  count = options.blocks,
): { output: string; source: string }[] {
  if (options.source === "paired" || count === 0) return [];
  const blocks = fusedBlocks(config, count);
  const { features } = options.fused ?? IMAGE_VALUES;
  return features.flatMap((feature) => blocks.map((block) => featureNames(feature, block)));
}

/**
 * Declares the inputs and returns a hook for each single block's V, or its rotated K, [B, S+L, width]. Inputs: `mask`
 * [1, L, m] with a column per block (with `all`: [1, S+L, m]; paired: [B, L, m]) and, unless paired, `v_src.<block>`
 * [B, L, width]. A block whose column is 1, and whose source is one row of 0, stays unchanged, and a mask of one row of
 * ones gives the plain transformer, so one graph serves any number of fused blocks. Outputs: `v.<block>`, V as attention
 * used it. If K is fused, it has the same inputs and outputs.
 */
export function fuseValues(
  layers: FluxLayers,
  config: FluxConfig,
  options: ValueOptions,
  sizes: string,
): (feature: Feature, block: number, value: string) => string {
  const fused = fusedBlocks(config, options.blocks);
  const { features } = options.fused ?? IMAGE_VALUES;
  const mix = rowMixer(layers, config, options, fused, sizes);
  return (feature, block, value) => {
    return fused.includes(block) && features.includes(feature) ? mix(feature, block, value) : value;
  };
}
