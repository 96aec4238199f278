import fc from "fast-check";
import { expect, test } from "vitest";
import { keyOf, sourcePoints } from "./pairing.ts";
import { timesteps } from "./schedule.ts";
import { NAMED_SOLVERS } from "./solvers/named.ts";
import { evaluationsOf, type Pass, type Solver } from "./solvers/solver.ts";

const passOf = (solver: Solver, steps: number): Pass => ({
  solver,
  timesteps: timesteps(steps, 64).toReversed(),
});
const { "rf-solver-2": rfSolver2, fireflow, euler } = NAMED_SOLVERS;

test("the paper's solver: midpoints coincide, and a step's start follows the rule", () => {
  const pass = passOf(rfSolver2, 4);
  const byInterval = sourcePoints(pass, pass, "interval");
  const byTime = sourcePoints(pass, pass, "time");
  for (const pair of [byInterval, byTime])
    expect(pair({ interval: 2, half: "mid" })).toEqual({ interval: 2, half: "mid" });
  expect(byInterval({ interval: 2, half: "first" })).toEqual({ interval: 2, half: "first" });
  expect(byTime({ interval: 2, half: "first" })).toEqual({ interval: 3, half: "first" });
});

test("FireFlow: midpoints coincide; the edit's first evaluation takes the last midpoint, the nearest to t_N", () => {
  const pass = passOf(fireflow, 4);
  for (const pairing of ["interval", "time"] as const) {
    const pair = sourcePoints(pass, pass, pairing);
    expect(pair({ interval: 3, half: "mid" })).toEqual({ interval: 3, half: "mid" });
    expect(pair({ interval: 4, half: "first" })).toEqual({ interval: 4, half: "mid" });
  }
});

test("Euler: the same interval, or the same time", () => {
  const pass = passOf(euler, 4);
  expect(sourcePoints(pass, pass, "interval")({ interval: 2, half: "first" }).interval).toBe(2);
  expect(sourcePoints(pass, pass, "time")({ interval: 2, half: "first" }).interval).toBe(3);
});

test("property: with other steps, every evaluation of the edit takes the inversion's nearest in t", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(NAMED_SOLVERS)),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      (solver, steps, inversionSteps) => {
        fc.pre(steps !== inversionSteps);
        const [edit, inversion] = [passOf(solver, steps), passOf(solver, inversionSteps)];
        const pair = sourcePoints(edit, inversion, "interval");
        const made = evaluationsOf(inversion, "inversion");
        for (const { point, t } of evaluationsOf(edit, "edit")) {
          const taken = made.find((source) => keyOf(source.point) === keyOf(pair(point)));
          const nearest = Math.min(...made.map((source) => Math.abs(source.t - t)));
          expect(Math.abs((taken?.t ?? Number.NaN) - t)).toBe(nearest);
        }
      },
    ),
  );
});
