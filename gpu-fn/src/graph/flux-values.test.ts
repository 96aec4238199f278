import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Evaluation, openTransformer, type Transformer } from "../model/transformer.ts";
import { openWeights } from "../safetensors/safetensors.ts";
import { gridIds, ropeTables } from "../tensor/packing.ts";
import type { FeatureArray } from "../tensor/tensor.ts";
import { buildFlux } from "./flux.ts";
import type { FluxConfig } from "./flux-config.ts";
import type { FusedFeatures, ValueOptions } from "./fusion-options.ts";

const folder = fileURLToPath(new URL("../../parity/cases/flux_bfl", import.meta.url));
const config: FluxConfig = JSON.parse(readFileSync(`${folder}/config.json`, "utf8"));
const weights = openWeights(`${folder}/weights.safetensors`);
const [rows, columns, textTokens] = [2, 3, 4];
const tokens = rows * columns;

const wave = (length: number, speed: number) =>
  Float32Array.from({ length }, (_, index) => Math.sin(speed * index));

const state = (speed: number): Evaluation => ({
  latent: wave(tokens * config.in_channels, speed),
  times: [0.6],
  txt: wave(textTokens * config.context_in_dim, speed / 2),
  vec: wave(config.vec_in_dim, 1 + speed),
  guidance: [2],
  rope: ropeTables(gridIds(textTokens, { rows, columns }), config.axes_dim, config.theta),
});
const [source, target] = [state(0.7), state(1.9)];
const sourceOnly = new Float32Array(tokens);

const values: ValueOptions = { blocks: 2, source: "cache" };
const KEYED: FusedFeatures = { features: ["v", "k"], rows: "image" };
let plain: Transformer;
let keyed: Transformer;

beforeAll(async () => {
  plain = await openTransformer(weights, config);
  keyed = await openTransformer(weights, config, { values: { ...values, fused: KEYED } });
});
afterAll(() => Promise.all([plain.release(), keyed.release()]));

const furthest = (a: Float32Array, b: Float32Array) =>
  Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))));

const record = async (evaluation: Evaluation) => keyed.evaluate({ ...evaluation, record: "values" });
const inject = async (evaluation: Evaluation, sources: readonly FeatureArray[], mask = sourceOnly) =>
  (await keyed.evaluate({ ...evaluation, fusion: { mask, sources } })).velocity;

test("by default only V goes in and out", () => {
  for (const fused of [undefined, { features: ["v"], rows: "all" }] as const) {
    const { inputs, outputs } = buildFlux(weights, config, {
      values: { ...values, ...(fused && { fused }) },
    });
    expect([...inputs, ...outputs].filter((name) => name.startsWith("k"))).toEqual([]);
  }
});

test("K of the last blocks goes in and out together with V", () => {
  const { inputs, outputs } = buildFlux(weights, config, { values: { ...values, fused: KEYED } });
  expect(outputs.filter((name) => /^[kv]\./.test(name)).sort()).toEqual(["k.1", "k.2", "v.1", "v.2"]);
  expect(inputs.filter((name) => name.includes("_src")).sort()).toEqual([
    ...["k_src.1", "k_src.2"],
    ...["v_src.1", "v_src.2"],
  ]);
});

test("with nothing injected, and with a mask of 1, it is the plain transformer bit for bit", async () => {
  const { velocity } = await plain.evaluate(target);
  expect((await keyed.evaluate(target)).velocity).toEqual(velocity);
  const { values: recorded } = await record(source);
  expect(await inject(target, recorded, new Float32Array(tokens).fill(1))).toEqual(velocity);
});

test("injecting a recording of the same state changes nothing", async () => {
  const { velocity, values: recorded } = await record(target);
  expect(recorded.map(({ length }) => length)).toEqual(Array(4).fill(tokens * config.hidden_size));
  expect(furthest(await inject(target, recorded), velocity)).toBeLessThan(1e-5);
});

test("another state's keys or values change the velocity", async () => {
  const { velocity, values: own } = await record(target);
  const { values: others } = await record(source);
  const keysOnly = await inject(target, [...own.slice(0, 2), ...others.slice(2)]);
  const valuesOnly = await inject(target, [...others.slice(0, 2), ...own.slice(2)]);
  const both = await inject(target, others);
  for (const changed of [keysOnly, valuesOnly, both])
    expect(furthest(changed, velocity)).toBeGreaterThan(1e-3);
  expect(furthest(both, valuesOnly)).toBeGreaterThan(1e-3);
});

/** Rotates adjacent pairs of each row [rows, heads · size] back, with the tables of the image's rows. */
function turnedBack(keys: Float32Array, size: number): Float32Array {
  const { cos, sin } = target.rope;
  return keys.map((value, index) => {
    const row = Math.floor(index / config.hidden_size);
    const at = ((textTokens + row) * size) / 2 + Math.floor((index % size) / 2);
    const [c, s] = [cos[at] as number, sin[at] as number];
    return index % 2 === 0
      ? c * value + s * (keys[index + 1] as number)
      : c * value - s * (keys[index - 1] as number);
  });
}

test("K comes after V, block by block, normalised and rotated", async () => {
  const { values: recorded } = await record(target);
  const size = config.hidden_size / config.num_heads;
  const meanSquares = (keys: Float32Array, gain: Float32Array) =>
    Array.from({ length: keys.length / size }, (_, head) =>
      gain.reduce((sum, scale, k) => sum + ((keys[head * size + k] as number) / scale) ** 2 / size, 0),
    );
  const offUnit = (squares: number[]) => Math.max(...squares.map((square) => Math.abs(square - 1)));
  for (const [index, block] of keyed.blocks.entries()) {
    const keys = recorded[keyed.blocks.length + index] as Float32Array;
    const gain = Float32Array.from(weights.read(`single_blocks.${block}.norm.key_norm.scale`).data);
    expect(offUnit(meanSquares(turnedBack(keys, size), gain))).toBeLessThan(1e-3);
    expect(offUnit(meanSquares(keys, gain))).toBeGreaterThan(0.01);
  }
});

test("injecting a recording gives the same as computing both in one batch", async () => {
  const paired = await openTransformer(weights, config, {
    values: { ...values, source: "paired", fused: KEYED },
  });
  const joined = (part: "latent" | "txt" | "vec") => Float32Array.from([...source[part], ...target[part]]);
  const { velocity } = await paired.evaluate({
    ...target,
    latent: joined("latent"),
    txt: joined("txt"),
    vec: joined("vec"),
    times: [0.6, 0.6],
    guidance: [2, 2],
    fusion: { mask: sourceOnly },
  });
  await paired.release();
  const { values: recorded } = await record(source);
  const injected = await inject(target, recorded);
  expect(furthest(injected, velocity.slice(velocity.length / 2))).toBeLessThan(1e-5);
});
