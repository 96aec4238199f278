import { expect, test } from "vitest";
import type { Figures } from "./figures.ts";
import { DELIVERED_METRICS, lossCells, lossesOf, METRICS, worstOf } from "./losses.ts";

const reference = Object.fromEntries(DELIVERED_METRICS.map((metric) => [metric, 10])) as unknown as Figures;

test("a loss is the share by which a metric is worse: a larger distance or seam, or a smaller value of the others", () => {
  const found = { ...reference, identity: 9, psnr_inside_db: 11, cf_distance_inside: 12, seam: 13 };
  const losses = lossesOf(found, reference, METRICS);
  expect(losses.identity).toBeCloseTo(0.1, 12);
  expect(losses.psnr_inside_db).toBeCloseTo(-0.1, 12);
  expect(losses.cf_distance_inside).toBeCloseTo(0.2, 12);
  expect(worstOf(losses)).toEqual({ metric: "cf_distance_inside", loss: losses.cf_distance_inside });
  expect(worstOf(lossesOf(found, reference, DELIVERED_METRICS))).toMatchObject({ metric: "seam" });
});

test("the reference has no loss against itself", () => {
  expect(worstOf(lossesOf(reference, reference, METRICS)).loss).toBe(0);
});

test("what nobody judged is no loss", () => {
  const found = { ...reference, attr_edit: Number.NaN, seam: 11 };
  expect(worstOf(lossesOf(found, reference, DELIVERED_METRICS))).toMatchObject({ metric: "seam" });
  const { body } = lossCells([reference, found], ["attr_edit", "seam"]);
  expect(body).toEqual([
    ["—", "10.000", "10.000"],
    ["10.0 %", "—", "10.0 %"],
  ]);
});
