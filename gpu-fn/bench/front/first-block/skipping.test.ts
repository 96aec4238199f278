import { afterAll, beforeAll, expect, test } from "vitest";
import type { Evaluation, ValueFusion } from "../../../src/model/transformer.ts";
import { config, evaluationOf, wave, weights } from "./evaluation.fixture.ts";
import { relativeChange } from "./rule.ts";
import { skipping } from "./skipping.ts";
import { openSplit, type SplitTransformer } from "./split.ts";

const ALWAYS = Number.POSITIVE_INFINITY;
const SIDE = 3;

let split: SplitTransformer;
beforeAll(async () => {
  split = await openSplit(weights, config, { values: { blocks: 2, rows: "image", source: "cache" } });
});
afterAll(() => split.release());

const at = (speed: number, changes: Partial<Evaluation> = {}): Evaluation => ({
  ...evaluationOf(config, SIDE, speed),
  ...changes,
});

/** Which of the evaluations were skipped. */
async function skippedOf(threshold: number, evaluations: readonly Evaluation[]): Promise<boolean[]> {
  const { transformer, evaluations: made } = skipping(split, threshold);
  const skipped: boolean[] = [];
  for (const evaluation of evaluations) {
    const before = made().skipped;
    await transformer.evaluate(evaluation);
    skipped.push(made().skipped > before);
  }
  expect(made().full + made().skipped).toBe(evaluations.length);
  return skipped;
}

test("without a threshold every evaluation is full; the first always is", async () => {
  expect(await skippedOf(0, [at(0.7), at(0.7)])).toEqual([false, false]);
  expect(await skippedOf(ALWAYS, [at(0.7), at(1.9), at(0.7)])).toEqual([false, true, true]);
});

const residualOf = async (evaluation = at(0.7)) => (await split.first(evaluation)).residual;

test("the change is counted from the last full evaluation, not from the last skipped one", async () => {
  const drift = [0, 0.1, 0.2, 0.3, 0.4].map((by) => {
    const { latent } = at(0.7);
    return at(0.7, { latent: latent.map((value) => value * (1 + by)) });
  });
  const step = relativeChange(await residualOf(drift[1]), await residualOf(drift[0]));
  // several steps together exceed what one stays far below
  const skipped = await skippedOf(1.5 * step, drift);
  expect(skipped.slice(0, 2)).toEqual([false, true]);
  expect(skipped.slice(2)).toContain(false);
});

test("a skipped evaluation takes the kept rest to its own first block", async () => {
  const { transformer } = skipping(split, ALWAYS);
  const [kept, own] = [at(0.7), at(1.9)];
  await transformer.evaluate(kept);
  const { rest } = await split.others(kept, await split.first(kept));
  expect((await transformer.evaluate(own)).velocity).toEqual((await split.first(own, rest)).velocity);
});

test("another prompt or guidance is another trajectory, with a full evaluation of its own", async () => {
  const other = at(0.7, { txt: wave(at(0.7).txt.length, 0.9) });
  const guided = at(0.7, { guidance: [3] });
  const mixed = [at(0.7), other, guided, at(0.8), { ...other, times: [0.5] }, guided];
  expect(await skippedOf(ALWAYS, mixed)).toEqual([false, false, false, true, true, true]);
});

test("where fusing V begins or ends the rest is computed; within either it is skipped", async () => {
  const sources = [1, 2].map((speed) => wave(SIDE ** 2 * config.hidden_size, speed));
  const fusion: ValueFusion = { mask: new Float32Array(SIDE ** 2), sources };
  const passes = [at(0.7), at(0.8), at(0.7, { fusion }), at(0.8, { fusion })];
  expect(await skippedOf(ALWAYS, passes)).toEqual([false, true, false, true]);
});

test("V of the last full evaluation is given where V is to be recorded, and only then", async () => {
  const { transformer, evaluations } = skipping(split, ALWAYS);
  const record = true;
  await transformer.evaluate(at(0.7));
  const { values } = await transformer.evaluate(at(0.8, { record }));
  expect([values.length, evaluations().skipped]).toEqual([2, 0]);
  expect((await transformer.evaluate(at(0.9, { record }))).values).toEqual(values);
  expect((await transformer.evaluate(at(0.9))).values).toEqual([]);
  expect(evaluations()).toEqual({ full: 2, skipped: 2 });
});
