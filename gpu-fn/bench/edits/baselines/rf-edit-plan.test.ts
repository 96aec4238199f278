import { expect, test } from "vitest";
import { InputError } from "../../../src/errors.ts";
import { planRfSolverEdit } from "./rf-edit-plan.ts";

test("RF-Solver-Edit injects in the noisiest steps", () => {
  expect(planRfSolverEdit(10, 256, 2).detailing).toMatchObject({ from: 9, to: 10 });
  expect(planRfSolverEdit(10, 256, 0).detailing).toBeUndefined();
  expect(() => planRfSolverEdit(10, 256, 11)).toThrow(InputError);
});
