/**
 * The V features of the last single blocks, out of and into the graph (algorithm.md section 5, step 2; Eq. 15):
 * V' = M·V + (1−M)·V_source. V is taken before attention, without norm or RoPE, so the heads' layout does not
 * matter. M = 1 gives V itself, bit for bit.
 */
import { InputError } from "../errors.ts";
import type { FluxConfig } from "./flux-config.ts";
import type { FluxLayers } from "./flux-layers.ts";

export interface ValueOptions {
  /** The last so many single blocks (m). */
  readonly blocks: number;
  /** `image`: only the image's rows, as the paper has it. `all`: the prompt's too, as RF-Solver-Edit has it. */
  readonly rows: "image" | "all";
  /**
   * `cache`: source features come in as inputs `v_src.<block>` and go out as outputs `v.<block>`. `paired`: they
   * are those of batch row 0, mixed into row 1; nothing leaves the graph.
   */
  readonly source: "cache" | "paired";
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

/**
 * Declares the inputs and returns what each single block does with its V [B, S+L, width]. Inputs: `mask`
 * [1, L, 1] (with `all`: [1, S+L, 1]) and, with `cache`, `v_src.<block>` [B, L, width]. A mask and sources of one row
 * ([1, 1, 1] of 1 and [B, 1, width] of 0) are the plain transformer. Outputs `v.<block>`: V as attention saw it.
 */
export function fuseValues(
  layers: FluxLayers,
  config: FluxConfig,
  options: ValueOptions,
  sizes: string,
): (block: number, value: string) => string {
  const { g, batch } = layers;
  const width = config.hidden_size;
  const fused = fusedBlocks(config, options.blocks);
  const rowCount = options.rows === "image" ? "image_tokens" : "all_tokens";
  const mask = g.input("mask", "float", [1, "mask_rows", 1]);
  const keep = g.op("Sub", [g.scalar(1), mask]);
  const mix = (target: string, source: string) =>
    g.op("Add", [g.op("Mul", [target, mask]), g.op("Mul", [source, keep])]);

  const mixCached = (block: number, target: string) => {
    const source = g.input(`v_src.${block}`, "float", [batch, "source_rows", width]);
    const mixed = mix(target, source);
    g.output(`v.${block}`, mixed, [batch, rowCount, width]);
    return mixed;
  };
  const mixPaired = (target: string) => {
    const [first = "", second = ""] = g.split(target, [1, 1], 0);
    return g.op("Concat", [first, mix(second, first)], { axis: 0 });
  };
  const mixRows = (block: number, value: string) =>
    options.source === "cache" ? mixCached(block, value) : mixPaired(value);

  return (block, value) => {
    if (!fused.includes(block)) return value;
    if (options.rows === "all") return mixRows(block, value);
    const [text = "", image = ""] = g.ops(2, "Split", [value, sizes], { axis: 1 });
    return g.op("Concat", [text, mixRows(block, image)], { axis: 1 });
  };
}
