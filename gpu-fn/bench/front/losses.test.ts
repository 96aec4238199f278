import { expect, test } from "vitest";
import type { Figures } from "../edits/figures.ts";
import { lossesOf, METRICS, worstOf } from "./losses.ts";

const reference = Object.fromEntries(METRICS.map((metric) => [metric, 10])) as unknown as Figures;

test("a loss is the share by which a metric is worse: a larger distance, or a smaller value of the others", () => {
  const found = { ...reference, identity: 9, psnr_inside_db: 11, cf_distance_inside: 12 };
  const losses = lossesOf(found, reference);
  expect(losses.identity).toBeCloseTo(0.1, 12);
  expect(losses.psnr_inside_db).toBeCloseTo(-0.1, 12);
  expect(losses.cf_distance_inside).toBeCloseTo(0.2, 12);
  expect(worstOf(losses)).toEqual({ metric: "cf_distance_inside", loss: losses.cf_distance_inside });
});

test("the reference has no loss against itself", () => {
  expect(worstOf(lossesOf(reference, reference)).loss).toBe(0);
});
