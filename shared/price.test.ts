import { expect, test } from "vitest";
import type { ModelCard } from "./models.ts";
import { PRESETS } from "./presets.ts";
import { priceOf } from "./price.ts";
import { scheduleSchema } from "./schedule.ts";

const large: ModelCard = {
  id: "large",
  version: "1",
  pasl: "1",
  resolution: 1024,
  blocks: 38,
  guidance: "distilled",
  valuePath: "cache",
  domain: { drawings: "good", photographs: "good" },
};
const small: ModelCard = { ...large, resolution: 128 };

test("the paper's schedule at 1024² costs 10 credits", () => {
  expect(priceOf(PRESETS.paper, large)).toBe(10);
});

test("the price follows the planned evaluations", () => {
  expect(priceOf(scheduleSchema.parse({ steps: 60 }), large)).toBe(20);
  expect(priceOf(scheduleSchema.parse({ guidance: { method: "true" } }), large)).toBe(15);
  expect(priceOf(PRESETS.paper, { ...large, guidance: "true" })).toBe(15);
});

// 174, 60 and 28 evaluations instead of 120, 42 and 20: the source is evaluated beside each detailed step.
test.each([
  ["paper", 10, 15],
  ["balanced", 4, 5],
  ["fast", 2, 3],
] as const)("a paired edit costs what it evaluates: %s %i, paired %i", (preset, cached, paired) => {
  expect(priceOf(PRESETS[preset], large)).toBe(cached);
  expect(priceOf(PRESETS[preset], { ...large, valuePath: "paired" })).toBe(paired);
});

test("the price follows the resolution, with a minimum of one credit", () => {
  expect(priceOf(PRESETS.paper, { ...large, resolution: 512 })).toBe(3);
  expect(priceOf(scheduleSchema.parse({ steps: 1, structuring_steps: 1 }), small)).toBe(1);
});
