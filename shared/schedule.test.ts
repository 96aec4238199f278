import { expect, test } from "vitest";
import { PRESETS, plannedEvaluations } from "./presets.ts";
import { scheduleSchema } from "./schedule.ts";

test("the default schedule is the preset paper: N = 30, T = 3, 120 evaluations", () => {
  expect(scheduleSchema.parse({})).toEqual(PRESETS.paper);
  expect(plannedEvaluations(PRESETS.paper)).toBe(120);
});

test("the paired path adds the source's evaluations of the detailing steps (+54 for the paper)", () => {
  expect(plannedEvaluations(PRESETS.paper, { value_path: "paired" })).toBe(174);
});

test("balanced costs at most 60 evaluations, fast at most 20", () => {
  expect(plannedEvaluations(PRESETS.balanced)).toBe(42);
  expect(plannedEvaluations(PRESETS.fast)).toBe(20);
});

test.each([
  ["two a step, both passes", {}, {}, 40],
  ["one a step and one more a pass", { solver: "fireflow" }, {}, 22],
  ["one a step", { solver: "euler" }, {}, 20],
  ["an inversion of its own length", { solver: "fireflow", inversion_steps: 4 }, {}, 16],
  ["paired: FireFlow's detailing steps again", { solver: "fireflow" }, { value_path: "paired" }, 30],
  [
    "paired from the first step on",
    { solver: "fireflow", structuring_steps: 0 },
    { value_path: "paired" },
    33,
  ],
  ["paired without V of any block", { value_blocks: 0 }, { value_path: "paired" }, 40],
  ["paired without value fusion", {}, { value_path: "paired", value_fusion: false }, 40],
  ["background: nothing again", { solver: "fireflow" }, { value_path: "background" }, 22],
  [
    "background without inversion: the source beside every evaluation",
    { solver: "fireflow" },
    { value_path: "background", inversion: "none" },
    22,
  ],
  ["no inversion: V beside the edit", { solver: "fireflow" }, { inversion: "none" }, 19],
  ["true guidance at scale 1 has one side", { guidance: { method: "true", edit: 1 } }, {}, 40],
  ["true guidance of both passes", { guidance: { method: "true", inversion: 2 } }, {}, 80],
  ["true guidance, paired", { guidance: { method: "true" } }, { value_path: "paired" }, 92],
] as const)("evaluations: %s", (_, schedule, ablation, evaluations) => {
  const parsed = scheduleSchema.parse({ steps: 10, structuring_steps: 2, ...schedule });
  expect(plannedEvaluations(parsed, ablation)).toBe(evaluations);
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
  ["an unknown spacing", { spacing: "odd" }],
  ["a value path that is the device's to choose", { value_path: "paired" }],
  ["no step of the inversion", { inversion_steps: 0 }],
  ["an unknown field", { step: 30 }],
  ["a guidance that is no number", { guidance: { edit: Number.NaN } }],
])("refused: %s", (_, schedule) => expect(scheduleSchema.safeParse(schedule).success).toBe(false));
