import { describe, expect, it } from "vitest";
import { fractionOf, remainingWords } from "./progress.ts";

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
