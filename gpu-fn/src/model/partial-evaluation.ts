/** An evaluation of some image tokens, with kept K and V for the others. */

import { singleValues } from "../graph/flux-background.ts";
import type { FluxConfig } from "../graph/flux-config.ts";
import type { Background } from "../method/detailing.ts";
import type { RopeTables } from "../tensor/packing.ts";
import { otherRows, takeRows } from "../tensor/rows.ts";
import type { Values } from "../tensor/tensor.ts";
import type { Evaluation } from "./transformer.ts";

/**
 * Restricts an evaluation to a background's rows.
 * @param whole evaluation of all image tokens, in a batch of 1; its fusion's `sources` are K and V in the form they are kept
 * @param blocks number of last single blocks whose V is fused
 */
export function partialEvaluation(
  whole: Evaluation,
  { rows, kept }: Background,
  config: FluxConfig,
  blocks: number,
): Evaluation {
  const { hidden_size: width, in_channels: channels, depth_single_blocks: depth } = config;
  const { latent, rope, fusion } = whole;
  const tokens = latent.length / channels;
  const others = otherRows(rows, tokens);
  const fused = Array.from({ length: blocks }, (_, index) => singleValues(config, depth - blocks + index));
  return {
    ...whole,
    latent: takeRows(latent, rows, channels),
    rope: ropeOf(rope, rope.rows - tokens, rows),
    background: kept.map((feature) => takeRows(feature, others, width)),
    ...(fusion && {
      fusion: {
        mask: takeRows(fusion.mask, rows, 1),
        sources: fused.map((index) =>
          takeRows((fusion.sources as Values)[index] as Values[number], rows, width),
        ),
      },
    }),
  };
}

/** The tables' rows for the prompt, and those for some image tokens. */
function ropeOf({ rows: all, cos, sin }: RopeTables, textTokens: number, image: Int32Array): RopeTables {
  const rows = [...Array(textTokens).keys(), ...image.map((row) => textTokens + row)];
  const pairs = cos.length / all;
  return { rows: rows.length, cos: takeRows(cos, rows, pairs), sin: takeRows(sin, rows, pairs) };
}
