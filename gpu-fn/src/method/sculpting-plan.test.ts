import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { planSculpting } from "./sculpting-plan.ts";

const base = { steps: 10, imageTokens: 256 };

test("property: the first T steps are structured, all others detailed", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(50), (steps, wanted) => {
      const structuringSteps = Math.min(wanted, steps);
      const { structuring, detailing } = planSculpting({ ...base, steps, structuringSteps });
      const length = (range: { from: number; to: number } | undefined) =>
        range ? range.to - range.from + 1 : 0;
      expect(length(structuring)).toBe(structuringSteps);
      expect(length(detailing)).toBe(steps - structuringSteps);
      if (structuring) expect(structuring.to).toBe(steps);
      if (detailing) expect(detailing.from).toBe(1);
    }),
  );
});

test("without either fusion it is the plain edit", () => {
  const plan = planSculpting({ ...base, structuringSteps: 3, latent: false, attention: false });
  expect(plan.structuring).toBeUndefined();
  expect(plan.detailing).toBeUndefined();
});

test.each([-1, 11, 2.5, Number.NaN])("T = %s is refused", (structuringSteps) => {
  expect(() => planSculpting({ ...base, structuringSteps })).toThrow(InputError);
});

test('pairing "time" needs a structuring step', () => {
  expect(() => planSculpting({ ...base, structuringSteps: 0, pairing: "time" })).toThrow(/at least one/);
  expect(planSculpting({ ...base, structuringSteps: 1, pairing: "time" }).detailing?.to).toBe(9);
  expect(
    planSculpting({ ...base, structuringSteps: 0, pairing: "time", attention: false }).detailing,
  ).toBeUndefined();
});
