/** The transformer on the device: error, times and memory. */

import { timed } from "../../../gpu-fn/bench/gpu/evaluation-times.ts";
import { followPeak } from "../../../gpu-fn/bench/gpu/peak.ts";
import type { Device } from "../../../gpu-fn/src/device/provider.ts";
import { partFiles } from "../../../gpu-fn/src/manifest/files.ts";
import type { Manifest } from "../../../gpu-fn/src/manifest/manifest.ts";
import { type Evaluation, openTransformer } from "../../../gpu-fn/src/model/transformer.ts";
import { openWeights } from "../../../gpu-fn/src/safetensors/safetensors.ts";
import { gridIds, ropeTables } from "../../../gpu-fn/src/tensor/packing.ts";
import { relativeError } from "../../rehearsal/relative-error.ts";
import { references } from "./parity.ts";

const ROUNDS = 5;

export interface TransformerFigures {
  readonly openSeconds: number;
  /** Error of a pair of evaluations whose mask leaves V unchanged. */
  readonly error: number;
  /** Milliseconds. */
  readonly plain: number;
  readonly paired: number;
  /** Peak bytes on the device. */
  readonly peak: number;
}

/** @param memoryPattern of the session */
export async function transformerFigures(
  manifest: Manifest,
  device: Device,
  memoryPattern?: boolean,
): Promise<TransformerFigures> {
  const { flux, devices } = manifest;
  const peak = followPeak(device);
  const start = performance.now();
  const opened = await openTransformer(openWeights(...partFiles(manifest, flux)), flux.config, {
    values: { blocks: flux.config.depth_single_blocks, source: "paired", kept: "float16" },
    session: {
      ...{ provider: device, compute: devices[device].compute },
      ...(memoryPattern === undefined ? {} : { memoryPattern }),
    },
  });
  const openSeconds = (performance.now() - start) / 1000;
  const { both, first, velocity } = inputs(manifest);
  const error = relativeError((await opened.evaluate(both)).velocity, velocity);
  const paired = await timed(ROUNDS, () => opened.evaluate(both));
  const plain = await timed(ROUNDS, () => opened.evaluate(first));
  await opened.release();
  peak.stop();
  return { openSeconds, error, plain, paired, peak: peak.most() };
}

function inputs(manifest: Manifest) {
  const { flux, t5 } = manifest;
  const { floats } = references(manifest, "flux");
  const [img, txt, vec] = [floats("img"), floats("txt"), floats("vec")];
  const tokens = img.length / 2 / flux.config.in_channels;
  const grid = { rows: Math.sqrt(tokens), columns: Math.sqrt(tokens) };
  const rope = ropeTables(gridIds(t5.length, grid), flux.config.axes_dim, flux.config.theta);
  const both: Evaluation = {
    ...{ latent: img, txt, vec, rope, times: [0.375, 0.375], guidance: [2, 2] },
    fusion: { mask: new Float32Array(tokens).fill(1) },
  };
  const half = (values: Float32Array) => values.subarray(0, values.length / 2);
  const first: Evaluation = {
    ...{ latent: half(img), txt: half(txt), vec: half(vec), rope },
    ...{ times: [0.375], guidance: [2] },
  };
  return { both, first, velocity: floats("velocity") };
}
