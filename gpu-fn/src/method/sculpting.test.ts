import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CanceledError, InputError } from "../errors.ts";
import { openTransformer, type Transformer } from "../model/transformer.ts";
import { bindModel } from "../model/velocity-model.ts";
import { openWeights } from "../safetensors/safetensors.ts";
import type { VelocityModel } from "./detailing.ts";
import { invert, type StepEvent, sculpt } from "./sculpting.ts";
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
const ones = new Float32Array(tokens).fill(1);
const zeros = new Float32Array(tokens);
const base = { steps: 4, imageTokens: tokens, structuringSteps: 2 };

let transformers: Transformer[] = [];
let model: VelocityModel;

beforeAll(async () => {
  const weights = openWeights(`${folder}/weights.safetensors`);
  const open = (source: "cache" | "paired") =>
    openTransformer(weights, config, { values: { blocks: config.m_last, source } });
  const [cached, paired] = [await open("cache"), await open("paired")];
  transformers = [cached, paired];
  model = bindModel(cached, { rows: config.h, columns: config.w }, paired);
});

afterAll(async () => {
  for (const transformer of transformers) await transformer.release();
});

async function edit(mask: Float32Array, options: Partial<PlanOptions> = {}) {
  const plan = planSculpting({ ...base, ...options });
  return sculpt(model, await invert(model, clean, source, plan), target, mask, plan);
}

const plain = () => edit(soft, { latent: false, attention: false });

describe("invariants", () => {
  test("M = 1 everywhere is the plain edit, bit for bit", async () => {
    expect(await edit(ones)).toEqual(await plain());
  });

  test("M = 0 with latent fusion in every step returns the photo's latent, bit for bit", async () => {
    expect(await edit(zeros, { structuringSteps: base.steps })).toEqual(clean);
  });

  test("M = 0 stays closer to the photo than the plain edit", async () => {
    const distance = (latent: Float32Array) =>
      Math.hypot(...latent.map((value, index) => value - (clean[index] ?? 0)));
    expect(distance(await edit(zeros))).toBeLessThan(distance(await plain()));
  });

  test("computing the source's V again gives the same as recording it, in both pairings", async () => {
    for (const pairing of ["interval", "time"] as const) {
      const cached = await edit(soft, { pairing });
      const paired = await edit(soft, { pairing, path: "paired" });
      cached.forEach((value, index) => {
        expect(paired[index]).toBeCloseTo(value, 4);
      });
    }
  });

  test("the two pairings give different results", async () => {
    expect(await edit(soft, { pairing: "time" })).not.toEqual(await edit(soft));
  });

  test("the same request gives the same latent", async () => {
    expect(await edit(soft)).toEqual(await edit(soft));
  });
});

test("V is kept only from the evaluations that the edit will need", async () => {
  const stored = async (options: Partial<PlanOptions>) =>
    (await invert(model, clean, source, planSculpting({ ...base, ...options }))).values.bytes;
  const one = tokens * config.hidden_size * 4;
  expect(await stored({})).toBe(4 * one);
  expect(await stored({ structuringSteps: 0 })).toBe(8 * one);
  expect(await stored({ structuringSteps: 4 })).toBe(0);
  expect(await stored({ attention: false })).toBe(0);
  expect(await stored({ path: "paired" })).toBe(0);
});

test("an inversion recorded for another plan is refused", async () => {
  const all = planSculpting({ ...base, structuringSteps: 4 });
  const inversion = await invert(model, clean, source, all);
  await expect(sculpt(model, inversion, target, soft, planSculpting(base))).rejects.toThrow(InputError);
});

test("prompts of different lengths work, except in the paired path", async () => {
  const shorter = { ...target, txt: target.txt.slice(config.context_in_dim) };
  const run = async (path: "cache" | "paired") => {
    const plan = planSculpting({ ...base, path });
    return sculpt(model, await invert(model, clean, source, plan), shorter, soft, plan);
  };
  expect((await run("cache")).every(Number.isFinite)).toBe(true);
  await expect(run("paired")).rejects.toThrow(/as many tokens/);
});

test("every step is reported, with the latent before and after its fusion", async () => {
  const events: StepEvent[] = [];
  const plan = planSculpting(base);
  const options = { onStep: (event: StepEvent) => events.push(event) };
  const inversion = await invert(model, clean, source, plan, options);
  await sculpt(model, inversion, target, soft, plan, options);
  expect(events.map(({ phase, step, steps }) => [phase, step, steps])).toEqual([
    ...[1, 2, 3, 4].map((step) => ["inversion", step, 4]),
    ...[1, 2, 3, 4].map((step) => ["edit", step, 4]),
  ]);
  expect(events.map(({ latent, unfused }) => latent === unfused)).toEqual([
    ...[true, true, true, true],
    ...[false, false, true, true],
  ]);
});

test("an abort ends an edit before the next evaluation", async () => {
  const controller = new AbortController();
  const plan = planSculpting(base);
  let steps = 0;
  const onStep = () => {
    steps += 1;
    controller.abort();
  };
  const run = invert(model, clean, source, plan, { onStep, signal: controller.signal });
  await expect(run).rejects.toThrow(CanceledError);
  expect(steps).toBe(1);
});
