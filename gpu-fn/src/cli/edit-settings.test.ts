import { expect, test } from "vitest";
import { PRESETS } from "../../../shared/presets.ts";
import { editSettings } from "./edit-settings.ts";

test("a preset is a schedule that options change, and T is never more than the requested steps", () => {
  const schedule = (options: object) => editSettings("a man", { paste: true, ...options }).schedule;
  expect(schedule({})).toEqual(PRESETS.paper);
  for (const preset of Object.keys(PRESETS) as (keyof typeof PRESETS)[]) {
    expect(schedule({ preset })).toEqual(PRESETS[preset]);
    const changed = schedule({ preset, steps: 1, solver: "euler", guidance: 4, trueGuidance: true });
    expect(changed).toMatchObject({ steps: 1, solver: "euler", guidance: { edit: 4, method: "true" } });
    expect(changed.structuring_steps).toBeLessThanOrEqual(1);
  }
  expect(schedule({ steps: 10, structuring: 9 })).toMatchObject({ steps: 10, structuring_steps: 9 });
});
