import { describe, expect, it } from "vitest";
import { scheduleChoiceSchema } from "../../../../shared/edit.ts";
import { PRESETS } from "../../../../shared/presets.ts";
import {
  PLAN,
  type Preset,
  presetOf,
  scheduleFor,
  structuringMax,
  structuringOf,
  structuringWords,
} from "./schedule-choice.ts";

const presets: Preset[] = Object.entries(PRESETS).map(([name, schedule]) => ({ name, schedule, credits: 1 }));

describe("how an edit is made", () => {
  it("names a preset as long as T is its own, else says the whole schedule", () => {
    expect(scheduleFor(presets, PLAN)).toBe("paper");
    expect(scheduleFor(presets, { preset: "paper", structuring: 3 })).toBe("paper");
    const other = scheduleFor(presets, { preset: "paper", structuring: 7 });
    expect(scheduleChoiceSchema.parse(other)).toEqual({ ...PRESETS.paper, structuring_steps: 7 });
  });

  it("stays within what a preset can have", () => {
    const short: Preset = {
      name: "short",
      credits: 1,
      schedule: { ...PRESETS.paper, steps: 4, structuring_steps: 1 },
    };
    expect(structuringMax(short)).toBe(4);
    expect(structuringOf(short, { preset: "short", structuring: 9 })).toBe(4);
    expect(presetOf([short], { preset: "gone", structuring: null })).toBe(short);
    expect(presetOf([], PLAN)).toBeNull();
  });

  it("explains every T", () => {
    const words = Array.from({ length: 10 }, (_, t) => structuringWords(t, 30));
    for (const text of words) expect(text).toMatch(/\.$/);
    expect(new Set(words).size).toBe(10);
  });
});
