import { expect, test } from "vitest";
import { PRESETS, plannedEvaluations } from "./presets.ts";
import { ablationSchema, scheduleSchema } from "./schedule.ts";

test("the default schedule is the preset paper: N = 30, T = 3, 120 evaluations", () => {
  expect(scheduleSchema.parse({})).toEqual(PRESETS.paper);
  expect(plannedEvaluations(PRESETS.paper)).toBe(120);
});

test("the paired path adds the source's evaluations of the detailing steps (+54 for the paper)", () => {
  expect(plannedEvaluations(PRESETS.paper, "paired")).toBe(174);
});

test("true guidance doubles the edit pass", () => {
  const schedule = scheduleSchema.parse({ guidance: { method: "true" } });
  expect(plannedEvaluations(schedule)).toBe(180);
});

test.each([
  ["T beyond N", { steps: 2, structuring_steps: 3 }],
  ["no step", { steps: 0, structuring_steps: 0 }],
  ["61 steps", { steps: 61 }],
  ["a fraction of a step", { steps: 2.5 }],
  ["an unknown solver", { solver: "dream" }],
  ["an unknown field", { step: 30 }],
  ["a guidance that is no number", { guidance: { edit: Number.NaN } }],
])("refused: %s", (_, schedule) => expect(scheduleSchema.safeParse(schedule).success).toBe(false));

test("without a switch the ablation is S2D-EC as published", () => {
  expect(ablationSchema.parse(undefined)).toEqual({
    latent_fusion: true,
    value_fusion: true,
    mask: "soft",
    pairing: "interval",
    value_path: "cache",
  });
});
