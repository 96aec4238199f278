import { afterAll, beforeAll, expect, test } from "vitest";
import { InputError } from "../../../src/errors.ts";
import { timesteps } from "../../../src/method/schedule.ts";
import { invert, sculpt } from "../../../src/method/sculpting.ts";
import { planSculpting } from "../../../src/method/sculpting-plan.ts";
import { midpoint } from "../../../src/method/solvers/solver.ts";
import { ALL_VALUES } from "./fused-features.ts";
import type { LatentTask } from "./latent-editor.ts";
import { rfEdit } from "./rf-edit.ts";
import { furthest, openTask } from "./task.fixture.ts";

let opened: Awaited<ReturnType<typeof openTask>>;
let task: LatentTask;

beforeAll(async () => {
  opened = await openTask(ALL_VALUES);
  task = opened.task;
});
afterAll(() => opened.release());

test("without injection it is the plain edit, bit for bit", async () => {
  const { velocities, clean, source, target, steps, imageTokens } = task;
  const plan = planSculpting({ steps, imageTokens, structuringSteps: 0, latent: false, attention: false });
  const path = await invert(velocities, clean, source, plan);
  const plain = await sculpt(velocities, path, target, Float32Array.of(1), plan);
  expect(await rfEdit(task, { inject: 0 })).toEqual(plain);
});

test("V of all rows, the text's too, is injected in the first steps of the edit: the noisiest", async () => {
  const injected: { t: number; rows: number }[] = [];
  const { velocities, steps, imageTokens } = task;
  const spy: LatentTask = {
    ...task,
    velocities: {
      async evaluate(state, options) {
        if (options?.fusion) {
          expect(options.fusion.mask).toEqual(Float32Array.of(0));
          injected.push({ t: state.t, rows: (options.fusion.sources[0]?.length ?? 0) / opened.width });
        }
        return velocities.evaluate(state, options);
      },
    },
  };
  await rfEdit(spy, { inject: 1 / 4 });
  const [noise = 0, next = 0] = timesteps(steps, imageTokens);
  const rows = opened.textTokens + imageTokens;
  expect(injected).toEqual([
    { t: noise, rows },
    { t: midpoint(noise, next), rows },
  ]);
});

test("each further step of injection changes the result", async () => {
  const distances = new Set<number>();
  for (const inject of [0, 0.25, 0.5, 0.75, 1])
    distances.add(furthest(await rfEdit(task, { inject }), task.clean));
  expect(distances.size).toBe(5);
});

test("the source's prompt as target, at guidance 1, gives the photo back, injected or not", async () => {
  const change = { target: task.source, steps: 30 };
  for (const inject of [0, 1])
    expect(furthest(await rfEdit({ ...task, ...change }, { inject }), task.clean)).toBeLessThan(0.05);
});

test("more steps of injection than steps are refused", async () => {
  await expect(rfEdit(task, { inject: 1.25 })).rejects.toThrow(InputError);
});
