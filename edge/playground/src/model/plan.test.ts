import { describe, expect, it } from "vitest";
import { scheduleChoiceSchema } from "../../../../shared/edit.ts";
import { PRESETS } from "../../../../shared/presets.ts";
import { REGIONS } from "../../../../shared/regions.ts";
import {
  PLAN,
  type Preset,
  presetOf,
  scheduleFor,
  structuringMax,
  structuringOf,
  structuringWords,
} from "./plan.ts";
import { fractionOf, remainingWords } from "./progress.ts";
import { clamped, drawn, type Stroke } from "./strokes.ts";
import { SUGGESTIONS } from "./suggestions.ts";
import { promptsOf, typed, wordsFault } from "./wanted.ts";

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

describe("progress", () => {
  it("never goes back from phase to phase", () => {
    const phases = ["load", "encode", "locate", "inversion", "edit", "decode"] as const;
    const shares = phases.flatMap((phase) =>
      [0, 15, 30].map((step) => fractionOf({ phase, step, steps: 30 })),
    );
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it("says what is left as people do", () => {
    expect(["", null, 300, 4_200, 150_000].slice(1).map((ms) => remainingWords(ms as number | null))).toEqual(
      ["", "a moment left", "about 5 s left", "about 3 min left"],
    );
  });
});

describe("the brush", () => {
  it("stays on the photo, and takes no point twice", () => {
    expect(clamped({ x: -1, y: 2 })).toEqual({ x: 0, y: 1 });
    const stroke: Stroke = { mode: "add", radius: 0.1, points: [{ x: 0.5, y: 0.5 }] };
    expect(drawn(stroke, { x: 0.5, y: 0.5005 })).toBe(stroke);
    expect(drawn(stroke, { x: 0.6, y: 1.5 }).points.at(-1)).toEqual({ x: 0.6, y: 1 });
  });
});

describe("suggestions", () => {
  it.each(REGIONS)("has phrases for %s that one edit takes, each one attribute", (region) => {
    expect(SUGGESTIONS[region].length).toBeGreaterThan(0);
    for (const phrase of SUGGESTIONS[region]) {
      const wanted = { ...typed(phrase), subject: "person" as const };
      expect(wanted.attributes).toEqual([phrase]);
      expect(wordsFault(wanted)).toBeNull();
      expect(promptsOf(wanted)).toHaveLength(1);
    }
  });
});
