import { expect, test } from "vitest";
import { passEvaluations } from "../../../../shared/solvers.ts";
import { CanceledError } from "../../errors.ts";
import { NAMED_SOLVERS } from "./named.ts";
import { cancellable, evaluationsOf, type Pass, type Solver, solve, type Velocity } from "./solver.ts";

/** dz/dt = −z + t, with the solution z(t) = t − 1 + (z_0 + 1) e^−t. */
const field: Velocity = async (z, t) => z.map((value) => -value + t);
const solution = (start: number, t: number) => t - 1 + (start + 1) * Math.exp(-t);

const even = (steps: number) => Array.from({ length: steps + 1 }, (_, index) => index / steps);
const passOf = (solver: Solver, steps: number): Pass => ({ solver, timesteps: even(steps) });
const { "rf-solver-2": rfSolver2 } = NAMED_SOLVERS;

async function errorWith(solver: Solver, steps: number): Promise<number> {
  // Float32 latents round at 6e-8, far below the errors measured here.
  const end = await solve("inversion", passOf(solver, steps), field, Float32Array.of(2));
  return Math.abs((end[0] ?? 0) - solution(2, 1));
}

test.each(Object.values(NAMED_SOLVERS))("$name: half the step gives 1/2^order the error", async (solver) => {
  for (const steps of [8, 16, 32]) {
    const errors = [await errorWith(solver, steps), await errorWith(solver, 2 * steps)] as const;
    const order = Math.log2(errors[0] / errors[1]);
    expect(order).toBeGreaterThan(solver.order - 0.2);
    expect(order).toBeLessThan(solver.order + 0.25);
  }
});

test.each(Object.values(NAMED_SOLVERS))(
  "$name: the edit direction leads back to the start",
  async (solver) => {
    const start = Float32Array.of(2, -1, 0.5);
    const noise = await solve("inversion", passOf(solver, 400), field, start);
    const back = await solve("edit", passOf(solver, 400), field, noise);
    back.forEach((value, index) => {
      expect(Math.abs(value - (start[index] ?? 0))).toBeLessThan(solver.order === 2 ? 1e-4 : 0.02);
    });
  },
);

test.each(Object.values(NAMED_SOLVERS))(
  "$name makes the evaluations that it and the prices state",
  async (solver) => {
    for (const steps of [1, 2, 7])
      for (const direction of ["inversion", "edit"] as const) {
        const seen: { point: object; t: number }[] = [];
        const log: Velocity = async (z, t, point) => {
          seen.push({ point, t });
          return z;
        };
        await solve(direction, passOf(solver, steps), log, Float32Array.of(1));
        expect(seen).toHaveLength(passEvaluations(solver.name, steps));
        const stated = evaluationsOf(passOf(solver, steps), direction);
        expect(seen.map(({ point }) => point)).toEqual(stated.map(({ point }) => point));
        seen.forEach(({ t }, index) => {
          expect(t).toBeCloseTo(stated[index]?.t ?? Number.NaN, 12);
        });
      }
  },
);

test("RF-Solver evaluates at each step's start and midpoint, and intervals count from the data", async () => {
  const seen: [number, number, string][] = [];
  const log: Velocity = async (z, t, { interval, half }) => {
    seen.push([t, interval, half]);
    return z;
  };
  await solve("edit", { solver: rfSolver2, timesteps: [0, 0.5, 1] }, log, Float32Array.of(1));
  expect(seen).toEqual([
    [1, 2, "first"],
    [0.75, 2, "mid"],
    [0.5, 1, "first"],
    [0.25, 1, "mid"],
  ]);
});

test("FireFlow reaches a midpoint with the previous midpoint's velocity, and each pass starts afresh", async () => {
  const constant: Velocity = async (_, t) => Float32Array.of(t);
  const mids: (Float32Array | undefined)[] = [];
  const run = () =>
    solve("inversion", passOf(NAMED_SOLVERS.fireflow, 2), constant, Float32Array.of(0), (step) => {
      mids.push(step.mid);
      return step.latent;
    });
  const end = await run();
  // z(½) = ½·¼; the next midpoint is a quarter further with v(¼) = ¼; z(1) = ⅛ + ½·¾
  expect(mids).toEqual([Float32Array.of(0), Float32Array.of(0.125 + 0.25 * 0.25)]);
  expect(end).toEqual(Float32Array.of(0.5));
  expect(await run()).toEqual(end);
});

test("an abort stops before the next evaluation", async () => {
  const controller = new AbortController();
  let evaluations = 0;
  const velocity: Velocity = async (z) => {
    evaluations += 1;
    if (evaluations === 3) controller.abort();
    return z;
  };
  const run = solve(
    "edit",
    passOf(rfSolver2, 10),
    cancellable(velocity, controller.signal),
    Float32Array.of(1),
  );
  await expect(run).rejects.toThrow(CanceledError);
  expect(evaluations).toBe(3);
});

test("an abort from an event on the same thread is noticed between evaluations", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  const slow: Velocity = async (z) => {
    const until = performance.now() + 2;
    while (performance.now() < until);
    return z;
  };
  const run = solve(
    "edit",
    passOf(rfSolver2, 1000),
    cancellable(slow, controller.signal),
    Float32Array.of(1),
  );
  await expect(run).rejects.toThrow(CanceledError);
});
