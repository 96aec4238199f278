import { expect, test } from "vitest";
import { CanceledError } from "./errors.ts";
import { cancellable, solve, type Velocity } from "./solver.ts";

/** dz/dt = −z + t, with the solution z(t) = t − 1 + (z_0 + 1) e^−t. */
const field: Velocity = async (z, t) => z.map((value) => -value + t);
const solution = (start: number, t: number) => t - 1 + (start + 1) * Math.exp(-t);

const even = (steps: number) => Array.from({ length: steps + 1 }, (_, index) => index / steps);

async function errorWith(steps: number): Promise<number> {
  // Float32 latents round at 6e-8, far below the errors measured here.
  const end = await solve("inversion", field, Float32Array.of(2), even(steps));
  return Math.abs((end[0] ?? 0) - solution(2, 1));
}

test("halving the step quarters the error: second order", async () => {
  for (const steps of [4, 8, 16]) {
    const ratio = (await errorWith(steps)) / (await errorWith(2 * steps));
    expect(ratio).toBeGreaterThan(3.5);
    expect(ratio).toBeLessThan(4.7);
  }
});

test("the edit direction leads back to where the inversion came from", async () => {
  const start = Float32Array.of(2, -1, 0.5);
  const noise = await solve("inversion", field, start, even(40));
  const back = await solve("edit", field, noise, even(40));
  back.forEach((value, index) => {
    expect(value).toBeCloseTo(start[index] ?? 0, 3);
  });
});

test("two evaluations a step, at its start and its middle, and intervals counted from the data", async () => {
  const seen: [number, number, string][] = [];
  const log: Velocity = async (z, t, { interval, half }) => {
    seen.push([t, interval, half]);
    return z;
  };
  await solve("edit", log, Float32Array.of(1), [0, 0.5, 1]);
  expect(seen).toEqual([
    [1, 2, "first"],
    [0.75, 2, "mid"],
    [0.5, 1, "first"],
    [0.25, 1, "mid"],
  ]);
});

test("an abort stops before the next evaluation", async () => {
  const controller = new AbortController();
  let evaluations = 0;
  const velocity: Velocity = async (z) => {
    evaluations += 1;
    if (evaluations === 3) controller.abort();
    return z;
  };
  const run = solve("edit", cancellable(velocity, controller.signal), Float32Array.of(1), even(10));
  await expect(run).rejects.toThrow(CanceledError);
  expect(evaluations).toBe(3);
});

test("an abort that comes as an event of the same thread is seen in between", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  const slow: Velocity = async (z) => {
    const until = performance.now() + 2;
    while (performance.now() < until);
    return z;
  };
  const run = solve("edit", cancellable(slow, controller.signal), Float32Array.of(1), even(1000));
  await expect(run).rejects.toThrow(CanceledError);
});
