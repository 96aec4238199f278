/** The transformer's evaluations timed, at one size of the picture. */

import { imageTokens } from "../../src/device/sizes.ts";
import type { Manifest } from "../../src/manifest/manifest.ts";
import type { Evaluation, Transformer } from "../../src/model/transformer.ts";
import { gridIds, ropeTables } from "../../src/tensor/packing.ts";
import type { EvaluationTimes } from "./arithmetic.ts";

/** Median of `rounds` runs in milliseconds, after one that is not counted. */
export async function timed(rounds: number, run: () => Promise<unknown>): Promise<number> {
  await run();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

/** Inputs of a size: waves, since values do not affect the time. */
export function inputsOf(manifest: Manifest, side: number, rows = 1): Evaluation {
  const { flux, t5, defaults } = manifest;
  const { config } = flux;
  const tokens = imageTokens(manifest, side, side);
  const grid = Math.sqrt(tokens);
  const wave = (length: number) => Float32Array.from({ length }, (_, index) => Math.sin(0.7 * index));
  return {
    latent: wave(rows * tokens * config.in_channels),
    times: Array(rows).fill(0.5),
    txt: wave(rows * t5.length * config.context_in_dim),
    vec: wave(rows * config.vec_in_dim),
    guidance: Array(rows).fill(2),
    valueBlocks: defaults.value_blocks,
    rope: ropeTables(gridIds(t5.length, { rows: grid, columns: grid }), config.axes_dim, config.theta),
  };
}

/** With V recorded, and with V of an earlier evaluation injected. */
export async function cachedTimes(
  transformer: Transformer,
  single: Evaluation,
  rounds: number,
): Promise<Omit<EvaluationTimes, "paired">> {
  const { values } = await transformer.evaluate({ ...single, record: "values" });
  const fusion = { mask: halfOf(single, transformer), sources: values };
  return {
    plain: await timed(rounds, () => transformer.evaluate(single)),
    recorded: await timed(rounds, () => transformer.evaluate({ ...single, record: "values" })),
    injected: await timed(rounds, () => transformer.evaluate({ ...single, fusion })),
  };
}

/** Source and target in one evaluation. */
export async function pairedTime(
  transformer: Transformer,
  pair: Evaluation,
  rounds: number,
): Promise<number> {
  const fusion = { mask: halfOf(pair, transformer) };
  return timed(rounds, () => transformer.evaluate({ ...pair, fusion }));
}

/** A mask of every other token. */
function halfOf({ latent, times }: Evaluation, { config }: Transformer): Float32Array {
  const tokens = latent.length / times.length / config.in_channels;
  return Float32Array.from({ length: tokens }, (_, index) => index % 2);
}
