import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasInt8, int8Files } from "../manifest/files.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { cpuExecution, type Model, openModel } from "../model/model.ts";
import { openWeights } from "../safetensors/safetensors.ts";
import { gridIds, ropeTables } from "../tensor/packing.ts";
import { quantise, writeInt8 } from "./int8.ts";
import { writeScaledModel } from "./scaled-model.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "flux-int8-"));
afterAll(() => rmSync(root, { recursive: true }));

describe("a block of values", () => {
  test("property: is restored to within half a step, and its scale is a bfloat16", () => {
    const values = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 }), {
      minLength: 32,
      maxLength: 32,
    });
    fc.assert(
      fc.property(values, (floats) => {
        const { values: packed, steps } = quantise(Float32Array.from(floats), 32);
        const step = steps[0] as number;
        expect((new Uint32Array(steps.buffer)[0] ?? 1) & 0xffff).toBe(0);
        const most = Math.max(...floats.map(Math.abs));
        if (most > 1e-30) expect(step * 127).toBeLessThan(most * 1.01 + 1e-30);
        packed.forEach((q, index) => {
          expect(Math.abs((q - 128) * step - (floats[index] as number))).toBeLessThanOrEqual(
            step * 0.5000001,
          );
        });
      }),
    );
  });

  test("zeros stay zeros", () => {
    expect([...quantise(new Float32Array(32), 32).values]).toEqual(Array(32).fill(128));
  });
});

describe("the embedded model in eight bits", () => {
  let manifest: Manifest;
  let exact: Model;
  let packed: Model;

  beforeAll(async () => {
    const folder = join(root, "mini");
    cpSync(join(import.meta.dirname, "../../models/mini"), folder, { recursive: true });
    manifest = await readManifest(join(folder, "manifest.json"));
    expect(hasInt8(manifest)).toBe(false);
    await writeInt8(manifest);
    exact = await openModel(manifest);
    packed = await openModel(manifest, { execution: { ...cpuExecution(manifest), int8: true } });
  });
  afterAll(() => Promise.all([exact.release(), packed.release()]));

  const wave = (length: number, speed: number) =>
    Float32Array.from({ length }, (_, index) => Math.sin(speed * index));

  /** Relative error: norm of the difference over norm of the truth. */
  function error(found: Float32Array, truth: Float32Array): number {
    const squares = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
    return Math.sqrt(squares(found.map((value, index) => value - (truth[index] as number))) / squares(truth));
  }

  test("its file holds the large layers in a byte a value and a quarter of a byte or less a scale", () => {
    const layers = [...openWeights(int8Files(manifest).flux).names()].filter((name) =>
      name.endsWith(".int8"),
    );
    expect(layers.length).toBeGreaterThan(30);
    const elements = layers.reduce(
      (sum, name) => sum + openWeights(int8Files(manifest).flux).get(name).length,
      0,
    );
    expect(statSync(int8Files(manifest).flux).size).toBeLessThan(1.15 * elements + 30_000);
  });

  // Rounding weights and activations to eight bits costs about 2 ** -8 per layer, adding up over fourteen blocks.
  test("velocities and prompts agree with the exact model's to within 4 %", async () => {
    const grid = exact.grid;
    const { config } = manifest.flux;
    const condition = await exact.condition("a person wearing glasses");
    const quantised = await packed.condition("a person wearing glasses");
    expect(error(quantised.txt, condition.txt)).toBeLessThan(0.03);
    expect(quantised.vec).toEqual(condition.vec);
    const evaluation = {
      latent: wave(grid * grid * config.in_channels, 0.7),
      times: [0.5],
      ...condition,
      guidance: [3],
      rope: ropeTables(
        gridIds(manifest.t5.length, { rows: grid, columns: grid }),
        config.axes_dim,
        config.theta,
      ),
    };
    const use = { valuePath: "cache" } as const;
    const truth = await (await exact.transformer(use)).evaluate(evaluation);
    const found = await (await packed.transformer(use)).evaluate(evaluation);
    expect(error(found.velocity, truth.velocity)).toBeGreaterThan(0);
    expect(error(found.velocity, truth.velocity)).toBeLessThan(0.04);
  });
});

test.each(["bfl", "diffusers"] as const)("bfloat16 weights of a scaled model, %s", async (layout) => {
  const manifest = await writeScaledModel(join(root, layout), layout);
  const { layers } = await writeInt8(manifest);
  expect(layers).toBeGreaterThan(20);
  const name = layout === "bfl" ? "single_blocks.0.linear1" : "single_transformer_blocks.0.proj_mlp";
  const weights = openWeights(
    join(manifest.folder, layout === "bfl" ? "flux1-dev.safetensors" : "flux.int8.safetensors"),
  );
  expect([...weights.names()].some((found) => found.startsWith(name))).toBe(true);
  const model = await openModel(manifest, { execution: { ...cpuExecution(manifest), int8: true } });
  const { txt } = await model.condition("a person");
  expect(txt.every(Number.isFinite)).toBe(true);
  await model.release();
});

test("a layer that is not of a float type is refused", async () => {
  const manifest = await writeScaledModel(join(root, "integers"), "bfl");
  const path = join(manifest.folder, "flux1-dev.safetensors");
  const text = readFileSync(path, "latin1").replace(
    '"double_blocks.0.img_mod.lin.weight":{"dtype":"BF16"',
    '"double_blocks.0.img_mod.lin.weight":{"dtype":"I16" ',
  );
  writeFileSync(path, text, "latin1");
  await expect(writeInt8(manifest)).rejects.toThrow("a tensor is I16, expected F32, F16 or BF16");
});
