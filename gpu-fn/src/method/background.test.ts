import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTransformer, type Transformer } from "../model/transformer.ts";
import { bindModel, withTrueGuidance } from "../model/velocity-model.ts";
import { openWeights } from "../safetensors/safetensors.ts";
import type { VelocityModel } from "./detailing.ts";
import { invert, sculpt, straightPath } from "./sculpting.ts";
import { type PlanOptions, planSculpting } from "./sculpting-plan.ts";

const folder = fileURLToPath(new URL("../../parity/cases/s2dec", import.meta.url));
const config = JSON.parse(readFileSync(`${folder}/config.json`, "utf8"));
const io = openWeights(`${folder}/io.safetensors`);
const read = (name: string) => Float32Array.from(io.read(name).data);
const clean = read("in.z0");
const source = { txt: read("in.src.txt"), vec: read("in.src.vec"), guidance: 1 };
const target = { txt: read("in.tgt.txt"), vec: read("in.tgt.vec"), guidance: 3 };
const tokens = config.h * config.w;
const soft = read("in.mask_soft");
const all = Int32Array.from({ length: tokens }, (_, row) => row);
const base = { steps: 4, imageTokens: tokens, structuringSteps: 2 };

let transformers: Transformer[] = [];
let dense: VelocityModel;
let model: VelocityModel;

beforeAll(async () => {
  const weights = openWeights(`${folder}/weights.safetensors`);
  const open = (source: "cache" | "background") =>
    openTransformer(weights, config, { values: { blocks: config.depth_single_blocks, source } });
  transformers = [await open("cache"), await open("background")];
  const bind = (transformer: Transformer) =>
    bindModel(transformer, { rows: config.h, columns: config.w }, undefined, config.m_last);
  [dense, model] = transformers.map(bind) as [VelocityModel, VelocityModel];
});
afterAll(async () => {
  for (const transformer of transformers) await transformer.release();
});

async function frozen(mask: Float32Array, rows: Int32Array, options: Partial<PlanOptions> = {}) {
  const plan = planSculpting({ ...base, ...options, path: "background" });
  return sculpt(model, await invert(model, clean, source, plan), target, mask, plan, { rows });
}

async function whole(mask: Float32Array, options: Partial<PlanOptions> = {}) {
  const plan = planSculpting({ ...base, ...options });
  return sculpt(dense, await invert(dense, clean, source, plan), target, mask, plan);
}

const furthest = (a: Float32Array, b: Float32Array) =>
  Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))));

test("it is the paper's path if every token is computed, in both pairings", async () => {
  for (const pairing of ["interval", "time"] as const)
    expect(furthest(await frozen(soft, all, { pairing }), await whole(soft, { pairing }))).toBeLessThan(1e-5);
});

test("with all tokens masked it is the plain edit", async () => {
  const plain = await whole(soft, { latent: false, attention: false });
  expect(furthest(await frozen(new Float32Array(tokens).fill(1), all), plain)).toBeLessThan(1e-5);
});

test("with no token masked it is the photo's latent, and nothing is evaluated", async () => {
  const plan = planSculpting({ ...base, path: "background" });
  const inverted = await invert(model, clean, source, plan);
  const silent: VelocityModel = { evaluate: () => Promise.reject(new Error("evaluated")) };
  const options = { rows: new Int32Array() };
  expect(await sculpt(silent, inverted, target, new Float32Array(tokens), plan, options)).toEqual(clean);
});

test("tokens that are not computed end as the photo's, whichever they are; the others change", async () => {
  const subsets = fc.subarray([...all], { minLength: 1, maxLength: tokens - 1 });
  await fc.assert(
    fc.asyncProperty(subsets, async (rows) => {
      const edited = await frozen(new Float32Array(tokens).fill(1), Int32Array.from(rows));
      const channels = config.in_channels;
      for (const row of all) {
        const [now, before] = [edited, clean].map((latent) =>
          latent.subarray(row * channels, (row + 1) * channels),
        );
        if (rows.includes(row)) expect(now).not.toEqual(before);
        else expect(now).toEqual(before);
      }
    }),
    { numRuns: 8 },
  );
});

test("without inversion K and V are computed alongside; with every token it equals the path `beside`", async () => {
  const edit = async (velocities: VelocityModel, path: "cache" | "background") => {
    const plan = planSculpting({ ...base, path, inverted: false });
    const noise = clean.map((_, index) => Math.sin(3 * index));
    return sculpt(velocities, straightPath(clean, noise, source, plan), target, soft, plan);
  };
  expect(furthest(await edit(model, "background"), await edit(dense, "cache"))).toBeLessThan(1e-5);
});

test("both evaluations of true guidance compute the same tokens", async () => {
  const plan = planSculpting({ ...base, path: "background" });
  const guided = withTrueGuidance(model, { txt: source.txt, vec: source.vec });
  const inverted = await invert(guided, clean, source, plan);
  const rows = Int32Array.of(1, 4);
  const edit = (guidance: number) => sculpt(guided, inverted, { ...target, guidance }, soft, plan, { rows });
  expect(furthest(await edit(2), await edit(1))).toBeGreaterThan(1e-3);
});

test("K and V are kept from the evaluations that the edit needs, or from all for later edits", async () => {
  const stored = async (options: Partial<PlanOptions>) =>
    (await invert(model, clean, source, planSculpting({ ...base, path: "background", ...options }))).values
      .bytes;
  const one = 2 * (config.depth + config.depth_single_blocks) * tokens * config.hidden_size * 4;
  expect(await stored({})).toBe(8 * one);
  expect(await stored({ structuringSteps: 4 })).toBe(8 * one);
});
