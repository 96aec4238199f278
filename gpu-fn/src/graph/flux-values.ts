/**
 * The V features of the last single blocks, out of and into the graph (algorithm.md section 5, step 2; Eq. 15):
 * V' = M·V + (1−M)·V_source. V is taken before attention, without norm or RoPE, so the heads' layout does not
 * matter. On request their K likewise: then M = 0 is mutual self-attention (MasaCtrl, arXiv 2304.08465, Algorithm 1).
 */
import { InputError } from "../errors.ts";
import type { KeptType } from "./builder.ts";
import type { FluxConfig } from "./flux-config.ts";
import type { FluxLayers } from "./flux-layers.ts";
import { type Feature, featureNames, rowMixer } from "./flux-rows.ts";

/** What of a block is fused. */
export interface FusedFeatures {
  /** V alone, or K beside it, after norm and RoPE (`k_src.<block>`, `k.<block>`): queries then meet the source's tokens. */
  readonly features: readonly Feature[];
  /** The image's rows alone, or the prompt's too. */
  readonly rows: "image" | "all";
}

/** Eq. 15: V of the image's rows. */
export const IMAGE_VALUES: FusedFeatures = { features: ["v"], rows: "image" };

export interface ValueOptions {
  /** The last so many single blocks (m). */
  readonly blocks: number;
  /**
   * `cache`: source features come in as inputs `v_src.<block>` and go out as outputs `v.<block>`. `paired`: they
   * are those of batch row 0, mixed into row 1; nothing leaves the graph. With one row it is the plain transformer.
   */
  readonly source: "cache" | "paired";
  /** Type in which features leave the graph and come back; half as wide where the arithmetic is. */
  readonly kept?: KeptType;
  /** Other features and rows than the paper's: baselines bring theirs. Default: V of the image's rows. */
  readonly fused?: FusedFeatures;
}

/** Numbers of the single blocks whose V is fused: the last m. Throws InputError where there are fewer. */
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

/** Names of all features that go in and out of the graph: V block by block, then K. None where they are paired. */
export function cachedFeatures(
  config: FluxConfig,
  options: ValueOptions,
): { output: string; source: string }[] {
  if (options.source === "paired") return [];
  const blocks = fusedBlocks(config, options.blocks);
  const { features } = options.fused ?? IMAGE_VALUES;
  return features.flatMap((feature) => blocks.map((block) => featureNames(feature, block)));
}

/**
 * Declares the inputs and returns what each single block does with its V, or its rotated K, [B, S+L, width]. Inputs:
 * `mask` [1, L, 1] (with `all`: [1, S+L, 1]; paired: [B, L, 1]) and, with `cache`, `v_src.<block>` [B, L, width]. A mask and sources of
 * one row ([1, 1, 1] of 1 and [B, 1, width] of 0) are the plain transformer. Outputs `v.<block>`: V as attention saw
 * it. If K is fused, it has such inputs and outputs too.
 */
export function fuseValues(
  layers: FluxLayers,
  config: FluxConfig,
  options: ValueOptions,
  sizes: string,
): (feature: Feature, block: number, value: string) => string {
  const fused = fusedBlocks(config, options.blocks);
  const { features } = options.fused ?? IMAGE_VALUES;
  const mix = rowMixer(layers, config, options, sizes);
  return (feature, block, value) => {
    return fused.includes(block) && features.includes(feature) ? mix(feature, block, value) : value;
  };
}
