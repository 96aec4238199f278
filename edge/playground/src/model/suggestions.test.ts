import { describe, expect, it } from "vitest";
import { REGIONS } from "../../../../shared/regions.ts";
import { promptsOf, typed, wordsFault } from "./attributes.ts";
import { SUGGESTIONS } from "./suggestions.ts";

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
