import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { maskOptionsSchema } from "../../../shared/mask.ts";
import { scheduleSchema } from "../../../shared/schedule.ts";
import { InputError } from "../errors.ts";
import { readManifest } from "../manifest/manifest.ts";
import { type Model, openModel } from "../model/model.ts";
import { editAlternatives } from "./alternatives.ts";
import { editPortrait } from "./edit.ts";
import { InversionCache } from "./inversion-cache.ts";
import type { EditRequest, EditResult } from "./request.ts";

const STEPS = 2;
let model: Model;
let request: EditRequest;

beforeAll(async () => {
  model = await openModel(await readManifest(join(import.meta.dirname, "../../models/mini/manifest.json")));
  request = {
    photo: { bytes: await readFile(join(import.meta.dirname, "../../examples/portrait-01.png")) },
    prompt: "a person wearing glasses",
    locate: ["glasses"],
    sourcePrompt: "a person.",
    maskOptions: maskOptionsSchema.parse({}),
    schedule: scheduleSchema.parse({ steps: STEPS, structuring_steps: 1 }),
    composite: "paste-back",
  };
});
afterAll(() => model.release());

const runner = () => {
  const inversions = new InversionCache();
  return (asked: EditRequest) => editPortrait(model, asked, { inversions });
};

test("alternatives share one inversion and give the same pictures as separate edits", async () => {
  const wishes = [{}, { prompt: "a person with a beard" }, { prompt: "a person with red lipstick" }];
  const results: EditResult[] = [];
  for await (const result of editAlternatives(runner(), request, wishes)) results.push(result);
  expect(results.map(({ evaluations }) => evaluations)).toEqual([4 * STEPS, 2 * STEPS, 2 * STEPS]);
  for (const [index, wish] of wishes.entries()) {
    const { locate, ...elsewhere } = request;
    const apart = await editPortrait(model, { ...(index === 0 ? request : elsewhere), ...wish });
    expect(results[index]?.edited.rgb).toEqual(apart.edited.rgb);
  }
});

test("without a scope nothing is kept for the next call; a refused alternative ends the series", async () => {
  const run = runner();
  for (const _ of [1, 2])
    for await (const { inversionCached } of editAlternatives(run, request, [{}]))
      expect(inversionCached).toBe(false);
  const ended = async () => {
    const done: EditResult[] = [];
    const wishes = [{}, { mask: { bytes: new Uint8Array(8) } }, {}];
    try {
      for await (const result of editAlternatives(run, request, wishes)) done.push(result);
    } catch (error) {
      return { error, done: done.length };
    }
    return { error: undefined, done: done.length };
  };
  expect(await ended()).toEqual({ error: expect.any(InputError), done: 1 });
});
