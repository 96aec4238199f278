import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FluxConfig } from "../../../src/graph/flux-config.ts";
import type { Evaluation } from "../../../src/model/transformer.ts";
import { openWeights } from "../../../src/safetensors/safetensors.ts";
import { gridIds, ropeTables } from "../../../src/tensor/packing.ts";

const folder = join(import.meta.dirname, "../../../parity/cases/flux_bfl");

/** A transformer of random weights: one double block, three single ones. */
export const config: FluxConfig = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
export const weights = openWeights(join(folder, "weights.safetensors"));

export const wave = (length: number, speed: number) =>
  Float32Array.from({ length }, (_, index) => Math.sin(speed * index));

/** An evaluation of a square of image tokens, its latent by `speed`; `batch` rows of different times. */
export function evaluationOf(of: FluxConfig, side: number, speed: number, batch = 1): Evaluation {
  const textTokens = 4;
  const rope = ropeTables(gridIds(textTokens, { rows: side, columns: side }), of.axes_dim, of.theta);
  return {
    latent: wave(batch * side ** 2 * of.in_channels, speed),
    times: Array.from({ length: batch }, (_, row) => 0.6 - row / 4),
    txt: wave(batch * textTokens * of.context_in_dim, 0.3),
    vec: wave(batch * of.vec_in_dim, 1.1),
    guidance: Array.from({ length: batch }, (_, row) => 2 - row),
    rope,
  };
}
