import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import type { FluxConfig } from "../graph/flux-config.ts";
import { FluxLayers } from "../graph/flux-layers.ts";
import { openWeights } from "../safetensors/safetensors.ts";
import { gridIds, ropeTables } from "../tensor/packing.ts";
import { openSession } from "./session.ts";
import { type Evaluation, openTransformer } from "./transformer.ts";
import { type Transformers, transformers } from "./transformers.ts";

const folder = fileURLToPath(new URL("../../parity/cases/flux_bfl", import.meta.url));
const config: FluxConfig = JSON.parse(readFileSync(`${folder}/config.json`, "utf8"));
const weights = openWeights(`${folder}/weights.safetensors`);
const grid = { rows: 2, columns: 3 };

let opened: Transformers;
afterEach(() => opened.release());

const CACHE = { valuePath: "cache" } as const;
const PAIRED = { valuePath: "paired" } as const;

const wave = (length: number, speed: number) =>
  Float32Array.from({ length }, (_, index) => Math.sin(speed * index));

function state(rows: number, speed = 0.7): Evaluation {
  return {
    latent: wave(rows * 6 * config.in_channels, speed),
    times: Array(rows).fill(0.6),
    txt: wave(rows * 4 * config.context_in_dim, speed / 2),
    vec: wave(rows * config.vec_in_dim, 1 + speed),
    guidance: Array(rows).fill(2),
    rope: ropeTables(gridIds(4, grid), config.axes_dim, config.theta),
  };
}

const furthest = (a: Float32Array, b: Float32Array) =>
  Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))));

test("a use is opened once", async () => {
  opened = transformers(weights, config, {});
  const first = await opened.open(CACHE);
  expect(await opened.open(CACHE)).toBe(first);
  expect(await opened.open(PAIRED)).not.toBe(first);
  expect(await opened.open(CACHE)).toBe(first);
});

test.each([CACHE, PAIRED])("one session serves any number of fused blocks: %j", async (use) => {
  opened = transformers(weights, config, {}, true);
  const transformer = await opened.open(use);
  const soft = Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1);
  const rows = use.valuePath === "paired" ? 2 : 1;
  const recorded = await transformer.evaluate({ ...state(1, 1.9), record: "values" });
  for (const blocks of [0, 1, 2, 3]) {
    const own = await openTransformer(weights, config, {
      ...(blocks > 0
        ? { values: { blocks, source: use.valuePath, kept: "float16" as const } }
        : { batch: rows }),
    });
    const sources = blocks > 0 && rows === 1 ? recorded.values.slice(-blocks) : undefined;
    const fusion = { mask: soft, ...(sources && { sources }) };
    const { velocity } = await own.evaluate({ ...state(rows), ...(blocks > 0 ? { fusion } : {}) });
    const found = await transformer.evaluate({ ...state(rows), fusion, valueBlocks: blocks });
    expect(furthest(found.velocity, velocity)).toBeLessThan(1e-6);
    await own.release();
  }
});

test("V is recorded only for the requested number of last blocks", async () => {
  opened = transformers(weights, config, {});
  const cached = await opened.open(CACHE);
  const { values: all } = await cached.evaluate({ ...state(1), record: "values" });
  const { values: last } = await cached.evaluate({ ...state(1), record: "values", valueBlocks: 1 });
  expect(all).toHaveLength(config.depth_single_blocks);
  expect(last).toEqual(all.slice(-1));
});

test("if only the latest use is kept, another one replaces it", async () => {
  opened = transformers(weights, config, {}, true);
  const first = await opened.open(CACHE);
  const second = await opened.open(PAIRED);
  expect(await opened.open(PAIRED)).toBe(second);
  expect(await opened.open(CACHE)).not.toBe(first);
  expect((await (await opened.open(CACHE)).evaluate(state(1))).velocity).toHaveLength(6 * config.in_channels);
});

test("one paired session also serves single states, so the weights are in memory once", async () => {
  opened = transformers(weights, config, {});
  const [paired, cached] = [await opened.open(PAIRED), await opened.open(CACHE)];
  const single = await cached.evaluate(state(1));
  expect(furthest((await paired.evaluate(state(1))).velocity, single.velocity)).toBeLessThan(1e-5);
  const soft = Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1);
  const both = (await paired.evaluate({ ...state(2), fusion: { mask: soft } })).velocity;
  expect(furthest(both.slice(0, both.length / 2), single.velocity)).toBeLessThan(1e-5);
});

test("V leaves and enters the graph as the bits of float16", async () => {
  opened = transformers(weights, config, {});
  const cached = await opened.open(CACHE);
  const { values, velocity } = await cached.evaluate({ ...state(1), record: "values" });
  expect(values.map((value) => [value.constructor, value.length])).toEqual(
    Array(config.depth_single_blocks).fill([Uint16Array, 6 * config.hidden_size]),
  );
  const fusion = { mask: new Float32Array(6), sources: values };
  const again = (await cached.evaluate({ ...state(1), fusion })).velocity;
  expect(furthest(again, velocity)).toBeLessThan(2e-3);
  const others = (await cached.evaluate({ ...state(1, 1.9), record: "values" })).values;
  const changed = (await cached.evaluate({ ...state(1), fusion: { ...fusion, sources: others } })).velocity;
  expect(furthest(changed, velocity)).toBeGreaterThan(2e-3);
});

/** Relative error: norm of the difference over norm of the truth. */
function error(found: Float32Array, truth: Float32Array): number {
  const length = (values: Float32Array) => Math.hypot(...values);
  return length(found.map((value, index) => value - (truth[index] as number))) / length(truth);
}

// float16 has 11 bits: an error of 2 ** -11 per rounding, some dozens of times in a row.
test("in half precision the velocity agrees with float32 to within 0.3 %", async () => {
  opened = transformers(weights, config, {});
  const { velocity } = await (await opened.open(CACHE)).evaluate(state(1));
  const half = transformers(weights, config, { compute: "float16" });
  for (const use of [CACHE, PAIRED]) {
    const found = (await (await half.open(use)).evaluate(state(1))).velocity;
    expect(error(found, velocity)).toBeGreaterThan(0);
    expect(error(found, velocity)).toBeLessThan(3e-3);
  }
  await half.release();
});

test("in half precision a sum beyond the range is clamped to it", async () => {
  opened = transformers(weights, config, {});
  const sumOf = async (compute: "float16" | "float32") => {
    const g = new GraphBuilder("sum", weights, compute);
    const layers = new FluxLayers(g, config, 1);
    const input = (name: string) => g.input(name, "float", ["values"]);
    g.output("sum", layers.residual(input("x"), input("gate"), input("update")), ["values"]);
    const session = await openSession(g.build());
    const half = config.hidden_size / config.num_heads / 2;
    const table = { data: new Float32Array(half), shape: [1, half] };
    const values = (...data: number[]) => ({ data: Float32Array.from(data), shape: [data.length] });
    const { sum } = await session.run({
      ...{ x: values(60_000, -60_000, 1), gate: values(1, 2, 1), update: values(60_000, -30_000, 1) },
      ...{ rope_cos: table, rope_sin: table },
    });
    await session.release();
    return sum;
  };
  expect(await sumOf("float16")).toEqual(Float32Array.of(65_504, -65_504, 2));
  expect(await sumOf("float32")).toEqual(Float32Array.of(120_000, -120_000, 2));
});
