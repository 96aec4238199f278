import { expect, test } from "vitest";
import type { Field } from "./euler.ts";
import { controlledEdit, controlledInversion, rfInversion } from "./rf-inversion.ts";
import { evenly, formulaTask, furthest } from "./task.fixture.ts";

const clean = Float32Array.of(0.5, -1, 2);
const noise = Float32Array.of(-0.3, 1.2, 0.1);
const SPEED = 0.7;
const constant: Field = async (z) => z.map(() => SPEED);
const curved: Field = async (z, t) => z.map((value) => Math.sin(3 * value) + t);
const always = { from: 0, to: 1 };

/** Euler steps written out. */
async function plainEuler(field: Field, start: Float32Array, times: number[]): Promise<Float32Array> {
  let z = start;
  for (let i = 0; i + 1 < times.length; i++) {
    const v = await field(z, times[i] as number, i);
    z = z.map(
      (value, index) => value + ((times[i + 1] as number) - (times[i] as number)) * (v[index] as number),
    );
  }
  return z;
}

test("γ = η = 0 is plain Euler, both ways", async () => {
  const up = evenly(0, 1, 7);
  const inverted = await controlledInversion(curved, clean, noise, up, 0);
  expect(furthest(inverted, await plainEuler(curved, clean, up))).toBeLessThan(1e-6);
  const down = up.toReversed();
  const edited = await controlledEdit(curved, noise, clean, down, { eta: 0, ...always });
  expect(furthest(edited, await plainEuler(curved, noise, down))).toBeLessThan(1e-6);
});

test("γ = 1 ends at the given noise, η = 1 up to the last step at the photo, whatever the velocity", async () => {
  const up = evenly(0, 1, 7);
  expect(furthest(await controlledInversion(curved, clean, noise, up, 1), noise)).toBeLessThan(1e-6);
  const edited = await controlledEdit(curved, noise, clean, up.toReversed(), { eta: 1, ...always });
  expect(furthest(edited, clean)).toBeLessThan(1e-6);
});

test("the controlled inversion of a constant velocity c is Z_1 − (1−t)^γ (Z_1 − Z_0 − c) − (1−t) c", async () => {
  const [gamma, t] = [0.5, 0.8];
  const found = await controlledInversion(constant, clean, noise, evenly(0, t, 4000), gamma);
  const expected = clean.map((z, i) => {
    const n = noise[i] as number;
    return n - (1 - t) ** gamma * (n - z - SPEED) - (1 - t) * SPEED;
  });
  expect(furthest(found, expected)).toBeLessThan(1e-3);
});

test("the controlled edit of a constant velocity c is Z_0 + t^η (Z_1 − Z_0 − c) + t c", async () => {
  const [eta, t] = [0.9, 0.3];
  const found = await controlledEdit(constant, noise, clean, evenly(1, t, 4000), { eta, ...always });
  const expected = clean.map((z, i) => z + t ** eta * ((noise[i] as number) - z - SPEED) + t * SPEED);
  expect(furthest(found, expected)).toBeLessThan(1e-3);
});

test("only the window's steps are controlled", async () => {
  const still: Field = async (z) => z.map(() => 0);
  const end = (from: number, to: number) =>
    controlledEdit(still, noise, clean, evenly(1, 0, 4), { eta: 1, from, to });
  const between = (share: number) => clean.map((z, i) => z + share * ((noise[i] as number) - z));
  expect(furthest(await end(0, 0.5), between(0.5))).toBeLessThan(1e-6);
  expect(furthest(await end(0, 0.25), between(0.75))).toBeLessThan(1e-6);
  // From t = 0.75 down to 0.5: a third of the way is left behind.
  expect(furthest(await end(0.25, 0.5), between(2 / 3))).toBeLessThan(1e-6);
  expect(furthest(await end(0, 0), noise)).toBe(0);
});

test("the inversion is under the null prompt and the edit under the target's", async () => {
  const task = formulaTask((_z, _t, guidance) => guidance);
  const settings = { gamma: 0, eta: 0, ...always };
  // Guidance 1 all the way up and 3 all the way down.
  expect(
    furthest(
      await rfInversion(task, settings),
      task.clean.map((z) => z - 2),
    ),
  ).toBeLessThan(1e-5);
});

test("the seed decides the noise that the inversion is drawn to", async () => {
  const task = formulaTask((z, t) => Math.sin(z) + t);
  const settings = { gamma: 0.5, eta: 0.5, from: 0, to: 0.5 };
  const once = await rfInversion(task, settings);
  expect(await rfInversion(task, settings)).toEqual(once);
  expect(await rfInversion({ ...task, seed: 2 }, settings)).not.toEqual(once);
});
