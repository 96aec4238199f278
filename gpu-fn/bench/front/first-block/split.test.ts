import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ValueOptions } from "../../../src/graph/flux-values.ts";
import { readManifest } from "../../../src/manifest/manifest.ts";
import { type Model, openModel } from "../../../src/model/model.ts";
import { openTransformer } from "../../../src/model/transformer.ts";
import { furthest } from "../../edits/baselines/task.fixture.ts";
import { config, evaluationOf, wave, weights } from "./evaluation.fixture.ts";
import { openModelSplit, openSplit, type SplitTransformer } from "./split.ts";
import { timeParts } from "./timing.ts";

let model: Model;
let split: SplitTransformer;

beforeAll(async () => {
  model = await openModel(
    await readManifest(join(import.meta.dirname, "../../../models/mini/manifest.json")),
  );
  split = await openModelSplit(model, {});
});
afterAll(async () => {
  await split.release();
  await model.release();
});

const inTwo = async (parts: SplitTransformer, evaluation: ReturnType<typeof evaluationOf>) =>
  parts.others(evaluation, await parts.first(evaluation));

test("head and tail are the whole transformer, with V out and in", async () => {
  const whole = await model.transformer({ valueBlocks: 2, valuePath: "cache" });
  const recorded = { ...evaluationOf(whole.config, 16, 0.7), record: true };
  const expected = await whole.evaluate(recorded);
  const found = await inTwo(split, recorded);
  expect(furthest(found.velocity, expected.velocity)).toBeLessThan(1e-6);
  expect(found.values).toEqual(expected.values);

  const other = evaluationOf(whole.config, 16, 1.9);
  const mask = Float32Array.from({ length: 256 }, (_, token) => Number(token % 3 === 0));
  const fused = { ...other, fusion: { mask, sources: found.values } };
  const { velocity } = await whole.evaluate(fused);
  expect(furthest((await inTwo(split, fused)).velocity, velocity)).toBeLessThan(1e-6);
  expect(furthest((await inTwo(split, other)).velocity, velocity)).toBeGreaterThan(1e-2);
});

test("a pair in a batch of two, and a batch of one after it", async () => {
  const values: ValueOptions = { blocks: 2, rows: "image", source: "paired" };
  const whole = await openTransformer(weights, config, { values });
  const parts = await openSplit(weights, config, { values });
  const pair = { ...evaluationOf(config, 3, 0.7, 2), fusion: { mask: wave(9, 2).map(Math.abs) } };
  for (const evaluation of [pair, evaluationOf(config, 3, 1.9)]) {
    const { velocity } = await whole.evaluate(evaluation);
    expect(furthest((await inTwo(parts, evaluation)).velocity, velocity)).toBeLessThan(1e-6);
  }
  await whole.release();
  await parts.release();
});

test("the head alone gives the velocity that the kept rest leads to", async () => {
  const evaluation = evaluationOf(split.config, 16, 0.7);
  const { velocity, rest } = await inTwo(split, evaluation);
  expect(furthest((await split.first(evaluation, rest)).velocity, velocity)).toBeLessThan(1e-5);
  expect(furthest((await split.first(evaluation)).velocity, velocity)).toBeGreaterThan(1e-2);
});

test("what is skipped is saved: the first block alone takes less than half of an evaluation's time", async () => {
  const { full, skipped } = await timeParts(model, split, 15);
  // a quarter on an idle machine: one block of six, the embeddings, and the way in and out
  expect(skipped.median).toBeLessThan(0.5);
  expect(full.median).toBeLessThan(1.5);
});
