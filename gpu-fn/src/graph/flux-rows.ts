/**
 * Mixes rows of a feature with the source's inside the graph: X' = M·X + (1−M)·X_source (Eq. 15 for V), for the image's
 * rows only (Eq. 14 and 16). M = 1 gives X itself and M = 0 the source's, bit for bit.
 */

import type { FluxConfig } from "./flux-config.ts";
import type { FluxLayers } from "./flux-layers.ts";
import { type Feature, IMAGE_VALUES, type ValueOptions } from "./fusion-options.ts";

/** A feature of one block: the names of the graph's output and of the input for the source's. */
export function featureNames(feature: Feature, block: number): { output: string; source: string } {
  return { output: `${feature}.${block}`, source: `${feature}_src.${block}` };
}

/**
 * Declares the input `mask` [1, L, m] (with `all`: [1, S+L, m]), with a column for each of the `blocks`, and returns a
 * function that mixes a feature [B, S+L, width] of one block. Each mixed feature is also an output, and its source an
 * input [B, L, width]. If paired, there are no such inputs and outputs: row 0 is the source of all, and `mask` is
 * [B, L, m] with ones for row 0.
 */
export function rowMixer(
  layers: FluxLayers,
  config: FluxConfig,
  options: ValueOptions,
  blocks: readonly number[],
  sizes: string,
): (feature: Feature, block: number, value: string) => string {
  const { g, batch } = layers;
  const width = config.hidden_size;
  const { rows } = options.fused ?? IMAGE_VALUES;
  const rowCount = rows === "image" ? "image_tokens" : "all_tokens";
  const mask = g.input("mask", "float", [
    options.source === "paired" ? batch : 1,
    "mask_rows",
    blocks.length,
  ]);
  const columns = blocks.map(() => 1);
  const masks = g.split(mask, columns, 2);
  const keeps = g.split(g.op("Sub", [g.scalar(1), mask]), columns, 2);
  const mix = (block: number, target: string, source: string) => {
    const column = blocks.indexOf(block);
    const [taken = "", kept = ""] = [masks[column], keeps[column]];
    return g.op("Add", [g.op("Mul", [target, taken]), g.op("Mul", [source, kept])]);
  };

  const mixCached = (feature: Feature, block: number, target: string) => {
    const names = featureNames(feature, block);
    // an own dimension name, because absent sources have one row and the others have all
    const sourceRows = `${names.source} rows`;
    const source = g.input(names.source, "float", [batch, sourceRows, width], options.kept);
    const mixed = mix(block, target, source);
    g.output(names.output, mixed, [batch, rowCount, width], options.kept);
    return mixed;
  };
  const firstRow = (value: string) => g.op("Slice", [value, g.ints([0]), g.ints([1]), g.ints([0])]);
  const mixPaired = (block: number, target: string) => mix(block, target, firstRow(target));
  const mixRows = (feature: Feature, block: number, value: string) =>
    options.source === "paired" ? mixPaired(block, value) : mixCached(feature, block, value);

  return (feature, block, value) => {
    if (rows === "all") return mixRows(feature, block, value);
    const [text = "", image = ""] = g.ops(2, "Split", [value, sizes], { axis: 1 });
    return g.op("Concat", [text, mixRows(feature, block, image)], { axis: 1 });
  };
}
