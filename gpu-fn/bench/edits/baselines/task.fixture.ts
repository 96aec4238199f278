import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FusedFeatures } from "../../../src/graph/fusion-options.ts";
import type { ModelOptions, State, VelocityModel } from "../../../src/method/detailing.ts";
import { openTransformer } from "../../../src/model/transformer.ts";
import { bindModel } from "../../../src/model/velocity-model.ts";
import { openWeights } from "../../../src/safetensors/safetensors.ts";
import type { LatentTask } from "./latent-editor.ts";

const folder = fileURLToPath(new URL("../../../parity/cases/s2dec", import.meta.url));

/** The editing case of the parity checks, a transformer of random weights: 4 steps, V (and K) as `fused`. */
export async function openTask(fused: FusedFeatures) {
  const config = JSON.parse(readFileSync(`${folder}/config.json`, "utf8"));
  const io = openWeights(`${folder}/io.safetensors`);
  const read = (name: string) => Float32Array.from(io.read(name).data);
  const transformer = await openTransformer(openWeights(`${folder}/weights.safetensors`), config, {
    values: { blocks: config.m_last, source: "cache", fused },
  });
  const task: LatentTask = {
    velocities: bindModel(transformer, { rows: config.h, columns: config.w }),
    clean: read("in.z0"),
    steps: 4,
    imageTokens: config.h * config.w,
    source: { txt: read("in.src.txt"), vec: read("in.src.vec"), guidance: 1 },
    target: { txt: read("in.tgt.txt"), vec: read("in.tgt.vec"), guidance: 3 },
    empty: { txt: new Float32Array(read("in.src.txt").length), vec: read("in.src.vec"), guidance: 1 },
    seed: 1,
  };
  const { hidden_size: width, context_in_dim: textWidth } = config;
  const textTokens = task.source.txt.length / textWidth;
  return { task, width, textTokens, release: () => transformer.release() };
}

/** A model whose velocity is a formula of the latent, of t and of the prompt's guidance. */
function formula(velocity: (z: number, t: number, guidance: number) => number): VelocityModel {
  return {
    async evaluate({ latent, t, condition }: State, _options?: ModelOptions) {
      return { velocity: latent.map((z) => velocity(z, t, condition.guidance)), values: [] };
    },
  };
}

/** A task on a formula: one token of three channels, source at guidance 1 and target at 3. */
export function formulaTask(velocity: (z: number, t: number, guidance: number) => number): LatentTask {
  const prompt = { txt: new Float32Array(), vec: new Float32Array() };
  return {
    velocities: formula(velocity),
    clean: Float32Array.of(0.5, -1, 2),
    steps: 10,
    imageTokens: 1,
    source: { ...prompt, guidance: 1 },
    target: { ...prompt, guidance: 3 },
    empty: { ...prompt, guidance: 1 },
    seed: 1,
  };
}

/** Largest absolute difference; NaN if lengths differ. */
export function furthest(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.NaN;
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))));
}

/** `from` to `to` in equal steps. */
export function evenly(from: number, to: number, steps: number): number[] {
  return Array.from({ length: steps + 1 }, (_, index) => from + ((to - from) * index) / steps);
}
