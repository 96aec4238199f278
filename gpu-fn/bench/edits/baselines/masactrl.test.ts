import { afterAll, beforeAll, expect, test } from "vitest";
import { InputError } from "../../../src/errors.ts";
import { KEYS_AND_VALUES } from "./fused-features.ts";
import type { LatentTask } from "./latent-editor.ts";
import { masaCtrl } from "./masactrl.ts";
import { furthest, openTask } from "./task.fixture.ts";

let opened: Awaited<ReturnType<typeof openTask>>;
let task: LatentTask;
const run = (start: number, change: Partial<LatentTask> = {}) =>
  masaCtrl({ ...task, ...change }, { start, blocks: 1 });

beforeAll(async () => {
  opened = await openTask(KEYS_AND_VALUES);
  task = opened.task;
});
afterAll(() => opened.release());

test("the source's prompt as target, at guidance 1, gives the photo back as the plain pass does", async () => {
  const steps = 30;
  const target = task.source;
  const plain = furthest(await run(1, { target, steps }), task.clean);
  const mutual = furthest(await run(0, { target, steps }), task.clean);
  // 0.0154 and 0.0151 when written, of latents up to 2; another prompt's edit is 1.3 away.
  expect(plain).toBeLessThan(0.02);
  expect(mutual).toBeLessThan(1.2 * plain);
  expect(furthest(await run(0, { steps }), task.clean)).toBeGreaterThan(0.5);
});

test("it begins after S steps, with keys and values of the image's rows", async () => {
  const injected: number[] = [];
  const { velocities } = task;
  const spy: LatentTask["velocities"] = {
    async evaluate(state, options) {
      if (options?.fusion) {
        const { mask, sources } = options.fusion;
        expect(mask).toEqual(Float32Array.of(0));
        expect(sources.map(({ length }) => length / opened.width)).toEqual([
          task.imageTokens,
          task.imageTokens,
        ]);
        injected.push(state.t);
      }
      return velocities.evaluate(state, options);
    },
  };
  await run(3 / 4, { velocities: spy });
  expect(injected).toHaveLength(2);
  expect(Math.max(...injected)).toBeLessThan(0.5);
});

test("each step of mutual self-attention changes the result", async () => {
  const distances = new Set<number>();
  for (const start of [0, 0.25, 0.5, 0.75, 1]) distances.add(furthest(await run(start), task.clean));
  expect(distances.size).toBe(5);
});

test("a start beyond the steps is refused", async () => {
  await expect(run(1.25)).rejects.toThrow(InputError);
});
