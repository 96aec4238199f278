import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { VelocityModel } from "../method/detailing.ts";
import { openTransformer, type Transformer } from "../model/transformer.ts";
import { bindModel } from "../model/velocity-model.ts";
import { openWeights } from "../safetensors/safetensors.ts";

const folder = fileURLToPath(new URL("../../parity/cases/s2dec", import.meta.url));
const config = JSON.parse(readFileSync(`${folder}/config.json`, "utf8"));
const io = openWeights(`${folder}/io.safetensors`);
const read = (name: string) => Float32Array.from(io.read(name).data);

let opened: Transformer[] = [];
let models: VelocityModel[] = [];

beforeAll(async () => {
  const weights = openWeights(`${folder}/weights.safetensors`);
  const open = (int8Arithmetic: boolean) => openTransformer(weights, config, { session: { int8Arithmetic } });
  opened = [await open(false), await open(true)];
  models = opened.map((transformer) => bindModel(transformer, { rows: config.h, columns: config.w }));
});
afterAll(async () => {
  for (const transformer of opened) await transformer.release();
});

test("a velocity from eight-bit products is close to float32's, but not equal", async () => {
  const condition = { txt: read("in.src.txt"), vec: read("in.src.vec"), guidance: 1 };
  const state = { latent: read("in.z0"), t: 0.5, condition };
  const [exact, int8] = await Promise.all(
    models.map(async (model) => (await model.evaluate(state)).velocity),
  );
  const norm = (of: (i: number) => number) =>
    Math.hypot(...Array.from(exact as Float32Array, (_, i) => of(i)));
  const at = (values: Float32Array | undefined, i: number) => values?.[i] ?? Number.NaN;
  const error = norm((i) => at(int8, i) - at(exact, i)) / norm((i) => at(exact, i));
  expect(error).toBeGreaterThan(0);
  // 0.008 on every processor; saturated sums, which full eight-bit weights cause without VNNI, give 0.056
  expect(error).toBeLessThan(0.015);
});
