/**
 * For an edit that computes some of the image's tokens: attention uses the source's K and V for all others
 * (docs/algorithm.md section 5; KV-Edit, arXiv 2502.17363). K is kept after norm and RoPE, so it contains the token's
 * position, and attention does not depend on the order.
 */

import type { FluxConfig } from "./flux-config.ts";
import type { FluxLayers } from "./flux-layers.ts";
import type { Feature, ValueOptions } from "./fusion-options.ts";

/** A feature of one block: the graph's output for the computed image tokens, and its input for the others. */
interface BackgroundNames {
  readonly output: string;
  readonly kept: string;
}

const FEATURES: readonly Feature[] = ["k", "v"];

const namesOf = (feature: Feature, block: string): BackgroundNames => ({
  output: `${feature}.${block}`,
  kept: `${feature}_kept.${block}`,
});

/** Index of single block `block`'s V in `backgroundFeatures`. */
export function singleValues({ depth }: FluxConfig, block: number): number {
  return 2 * (depth + block) + 1;
}

/** What is kept from an evaluation: K, then V, of each block, double blocks first. */
export function backgroundFeatures(config: FluxConfig): BackgroundNames[] {
  const blocks = (kind: string, count: number) => Array.from({ length: count }, (_, i) => `${kind}.${i}`);
  return [...blocks("double", config.depth), ...blocks("single", config.depth_single_blocks)].flatMap(
    (block) => FEATURES.map((feature) => namesOf(feature, block)),
  );
}

/**
 * Returns a hook that lets the attention of a block (`double.<i>`, `single.<i>`) see the whole image: it appends the input
 * `v_kept.<block>` or `k_kept.<block>` [1, any, width] to the block's V or rotated K [1, S+L, width]. The outputs
 * `v.<block>` and `k.<block>` are the block's own features of the image tokens [1, L, width].
 */
export function openBackground(
  layers: FluxLayers,
  { hidden_size: width }: FluxConfig,
  { kept: type }: ValueOptions,
  sizes: string,
): (feature: Feature, block: string, value: string) => string {
  const { g } = layers;
  return (feature, block, value) => {
    const { output, kept } = namesOf(feature, block);
    const [, image = ""] = g.ops(2, "Split", [value, sizes], { axis: 1 });
    g.output(output, image, [1, "image_tokens", width], type);
    return g.op("Concat", [value, g.input(kept, "float", [1, "other_tokens", width], type)], { axis: 1 });
  };
}
