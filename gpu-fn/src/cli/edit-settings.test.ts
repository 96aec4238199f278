import { expect, test } from "vitest";
import { presetsOf } from "../../../shared/presets.ts";
import { editSettings, presetIn } from "./edit-settings.ts";

const PRESETS = presetsOf(4);

test("a preset is a schedule that options change, and T is never more than the requested steps", () => {
  const schedule = (options: object) => editSettings("a man", { paste: true, ...options }, PRESETS).schedule;
  expect(schedule({})).toEqual(PRESETS.paper);
  for (const preset of Object.keys(PRESETS) as (keyof typeof PRESETS)[]) {
    expect(schedule({ preset })).toEqual(PRESETS[preset]);
    const changed = schedule({ preset, steps: 1, solver: "euler", guidance: 4, trueGuidance: true });
    expect(changed).toMatchObject({ steps: 1, solver: "euler", guidance: { edit: 4, method: "true" } });
    expect(changed.structuring_steps).toBeLessThanOrEqual(1);
  }
  expect(schedule({ steps: 10, structuring: 9 })).toMatchObject({ steps: 10, structuring_steps: 9 });
});

test("a preset has its name until an option changes it; options keep it that are not of the schedule", () => {
  expect(presetIn({})).toBe("paper");
  expect(presetIn({ preset: "fast", grow: 0.1, paste: false })).toBe("fast");
  for (const changed of [
    { steps: 9 },
    { structuring: 0 },
    { blocks: 0 },
    { guidance: 0 },
    { trueGuidance: true },
  ])
    expect(presetIn({ preset: "fast", ...changed })).toBeNull();
});
