import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { InputError, WeightsError } from "../errors.ts";
import type { FluxConfig } from "../graph/flux-config.ts";
import { rewriteTensors } from "../safetensors/safetensors.fixture.ts";
import { openWeights, type Weights } from "../safetensors/safetensors.ts";
import { gridIds, ropeTables } from "../tensor/packing.ts";
import { type Evaluation, openTransformer, type TransformerOptions } from "./transformer.ts";

const folder = fileURLToPath(new URL("../../parity/cases/flux_bfl", import.meta.url));
const config: FluxConfig = JSON.parse(readFileSync(`${folder}/config.json`, "utf8"));
const weights = openWeights(`${folder}/weights.safetensors`);
const [rows, columns, textTokens] = [2, 3, 4];
const tokens = rows * columns;

function wave(length: number, speed: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin(speed * index));
}

const evaluation: Evaluation = {
  latent: wave(tokens * config.in_channels, 0.7),
  times: [0.6],
  txt: wave(textTokens * config.context_in_dim, 0.3),
  vec: wave(config.vec_in_dim, 1.1),
  guidance: [2],
  rope: ropeTables(gridIds(textTokens, { rows, columns }), config.axes_dim, config.theta),
};

async function velocityOf(
  from: Weights,
  options: TransformerOptions = {},
  changes: Partial<Evaluation> = {},
) {
  const transformer = await openTransformer(from, config, options);
  const { velocity } = await transformer.evaluate({ ...evaluation, ...changes });
  await transformer.release();
  return velocity;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))));
}

test("both namings give the same result", async () => {
  const diffusers = openWeights(`${folder}/weights_diffusers.safetensors`);
  expect(largestDifference(await velocityOf(weights), await velocityOf(diffusers))).toBeLessThan(1e-5);
});

test("with unused V outputs, and with a mask of 1, it is the plain transformer bit for bit", async () => {
  const values = { blocks: 2, source: "cache" } as const;
  const plain = await velocityOf(weights);
  expect(await velocityOf(weights, { values })).toEqual(plain);
  const sources = [1, 2].map((speed) => wave(tokens * config.hidden_size, speed));
  const fusion = { mask: new Float32Array(tokens).fill(1), sources };
  expect(await velocityOf(weights, { values }, { fusion })).toEqual(plain);
  fusion.mask[0] = 0;
  expect(await velocityOf(weights, { values }, { fusion })).not.toEqual(plain);
});

test("a batch of two equals two evaluations", async () => {
  const twice = (values: Float32Array) => Float32Array.from([...values, ...values]);
  const { latent, txt, vec } = evaluation;
  const changes = {
    latent: twice(latent),
    txt: twice(txt),
    vec: twice(vec),
    times: [0.6, 0.1],
    guidance: [2, 1],
  };
  const both = await velocityOf(weights, { batch: 2 }, changes);
  const size = latent.length;
  expect(largestDifference(both.slice(0, size), await velocityOf(weights))).toBeLessThan(1e-5);
  const second = await velocityOf(weights, {}, { times: [0.1], guidance: [1] });
  expect(largestDifference(both.slice(size), second)).toBeLessThan(1e-5);
});

/** The upper half of a float32 is a bfloat16. */
function bfloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16);
}

/** Converts a bfloat16 to float16, exactly for values as large as weights; smaller ones become 0. */
function float16(bits: number): number {
  const exponent = ((bits >> 7) & 0xff) - 127 + 15;
  return exponent <= 0 ? 0 : ((bits & 0x8000) | (exponent << 10) | ((bits & 0x7f) << 3)) & 0xffff;
}

test("weights stored as bfloat16 or float16 are used as float32", async () => {
  const exact = rewriteTensors(weights, "F32", (values) => {
    const bits = Uint32Array.from(bfloat16(values), (half) => (float16(half) === 0 ? 0 : half << 16));
    return new Uint8Array(bits.buffer);
  });
  const expected = await velocityOf(openWeights(exact));
  const stored = {
    BF16: (values: Float32Array) => new Uint8Array(bfloat16(values).buffer),
    F16: (values: Float32Array) => new Uint8Array(bfloat16(values).map(float16).buffer),
  };
  for (const [dtype, bytes] of Object.entries(stored)) {
    const velocity = await velocityOf(openWeights(rewriteTensors(weights, dtype, bytes)));
    expect(largestDifference(velocity, expected), dtype).toBeLessThan(1e-3);
  }
});

test.each([0, 4, 1.5])("V of %s of 3 single blocks is refused", async (blocks) => {
  const open = openTransformer(weights, config, { values: { blocks, source: "cache" } });
  await expect(open).rejects.toThrow(InputError);
});

test("weights that do not fit the config are refused in one line that names the tensor", async () => {
  const open = openTransformer(weights, { ...config, context_in_dim: 21 });
  await expect(open).rejects.toThrow(
    /^weights.safetensors: tensor "txt_in.weight" has shape \[16,20\], expected \[16,21\]$/,
  );
});

test("a config that contradicts itself is refused", async () => {
  await expect(openTransformer(weights, { ...config, axes_dim: [4, 4, 2] })).rejects.toThrow(WeightsError);
  await expect(openTransformer(weights, { ...config, num_heads: 3 })).rejects.toThrow(WeightsError);
});

test("integer weights are refused", async () => {
  const integers = openWeights(rewriteTensors(weights, "I32", (values) => new Uint8Array(values.buffer)));
  await expect(openTransformer(integers, config)).rejects.toThrow(/is I32, expected F32, F16 or BF16/);
});

test("weights of another model are refused", async () => {
  const clip = openWeights(
    fileURLToPath(new URL("../../parity/cases/clip_text/weights.safetensors", import.meta.url)),
  );
  await expect(openTransformer(clip, config)).rejects.toThrow(/no FLUX transformer/);
});
