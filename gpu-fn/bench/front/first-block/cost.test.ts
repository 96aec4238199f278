import fc from "fast-check";
import { expect, test } from "vitest";
import { costOf, fireflowAtCost } from "./cost.ts";

test("a skipped evaluation costs the first of the blocks", () => {
  expect(costOf({ full: 13, skipped: 114 })).toBe(15);
  expect(costOf({ full: 20, skipped: 12 }, 6)).toBe(22);
});

test("FireFlow spends the cost but for less than one evaluation", () => {
  fc.assert(
    fc.property(fc.double({ min: 4, max: 122, maxExcluded: true, noNaN: true }), (cost) => {
      const { evaluations, schedule } = fireflowAtCost(cost);
      expect(evaluations).toBe(Math.floor(cost));
      expect(schedule.structuring_steps).toBeLessThanOrEqual(schedule.steps);
    }),
  );
});

test("the odd evaluation is the edit's; what is below one step a pass is refused", () => {
  expect(fireflowAtCost(15.9).name).toBe("fireflow 6/7 T1");
  expect(fireflowAtCost(42).name).toBe("fireflow 20/20 T2");
  expect(() => fireflowAtCost(3.9)).toThrow(RangeError);
});
