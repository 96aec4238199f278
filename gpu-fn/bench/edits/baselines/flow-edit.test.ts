import { expect, test } from "vitest";
import { timesteps } from "../../../src/method/schedule.ts";
import type { Field } from "./euler.ts";
import { editingField, flowEdit } from "./flow-edit.ts";
import { formulaTask, furthest } from "./task.fixture.ts";

const settings = { averages: 2, start: 0.8, sourceGuidance: 1 };

test("equal prompts at equal guidance give the photo's latent back, bit for bit", async () => {
  const task = formulaTask((z, t, guidance) => Math.sin(5 * z) * guidance + t);
  expect(await flowEdit(task, { ...settings, targetGuidance: 1 })).toEqual(task.clean);
  expect(await flowEdit(task, settings)).not.toEqual(task.clean);
});

test("no step leaves the photo as it is", async () => {
  const task = formulaTask((_z, _t, guidance) => guidance);
  expect(await flowEdit(task, { ...settings, start: 0 })).toEqual(task.clean);
});

test("of constant velocities, their difference times the time at which it starts", async () => {
  const task = formulaTask((_z, _t, guidance) => 0.2 * guidance);
  const started = timesteps(task.steps, task.imageTokens)[2] as number;
  const expected = task.clean.map((z) => z - started * 0.2 * (3 - 1));
  expect(furthest(await flowEdit(task, settings), expected)).toBeLessThan(1e-6);
});

test("of linear velocities the noise cancels out: dD/dt = a·D + b from D = 0, D the way from the photo", async () => {
  const [a, b] = [0.8, -0.3];
  const task = formulaTask((z, _t, guidance) => a * z + (guidance === 3 ? b : 0));
  const times = timesteps(task.steps, task.imageTokens).slice(2);
  let way = 0;
  for (let i = 0; i + 1 < times.length; i++)
    way += ((times[i + 1] as number) - (times[i] as number)) * (a * way + b);
  const expected = task.clean.map((z) => z + way);
  expect(furthest(await flowEdit(task, settings), expected)).toBeLessThan(1e-5);
});

test("a step's velocity is the mean over its noises, at (1−t)·Z_0 + t·N and that moved by the edit so far", async () => {
  const square: Field = async (z) => z.map((value) => value * value);
  const cube: Field = async (z) => z.map((value) => value ** 3);
  const [z0, z, t] = [0.5, 0.9, 0.4];
  const drawn = [1.3, -0.2, 0.7];
  const field = editingField(square, cube, Float32Array.of(z0), () => drawn.map((n) => Float32Array.of(n)));
  const velocities = drawn.map((n) => {
    const noisy = (1 - t) * z0 + t * n;
    return (noisy + z - z0) ** 3 - noisy ** 2;
  });
  const [found] = await field(Float32Array.of(z), t, 0);
  expect(found).toBeCloseTo(velocities.reduce((sum, v) => sum + v, 0) / 3, 6);
});

test("every step and sample has a noise of its own", async () => {
  const task = formulaTask(() => 0);
  const { velocities, clean } = task;
  const noises = new Set<string>();
  const spy: typeof velocities = {
    async evaluate(state) {
      const noise = state.latent.map((z, i) => (z - (1 - state.t) * (clean[i] as number)) / state.t);
      noises.add(noise.map((value) => Math.round(1000 * value)).join());
      return velocities.evaluate(state);
    },
  };
  await flowEdit({ ...task, velocities: spy }, settings);
  // 8 of 10 steps of 2 samples; the source's and the target's latents are the same here.
  expect(noises.size).toBe(16);
});

test("the seed decides the noise", async () => {
  const task = formulaTask((z, t, guidance) => Math.sin(5 * z) * guidance + t);
  const once = await flowEdit(task, settings);
  expect(await flowEdit(task, settings)).toEqual(once);
  expect(await flowEdit({ ...task, seed: 2 }, settings)).not.toEqual(once);
});
