import { describe, expect, it } from "vitest";
import { stream } from "./random.ts";

describe("stream", () => {
  it("repeats for the same seed and name, and differs for others", () => {
    const draw = (seed: number, name: string): number[] => {
      const s = stream(seed, name);
      return Array.from({ length: 4 }, () => s.next());
    };
    expect(draw(7, "hair")).toEqual(draw(7, "hair"));
    expect(draw(7, "hair")).not.toEqual(draw(7, "beard"));
    expect(draw(7, "hair")).not.toEqual(draw(8, "hair"));
  });

  it("does not correlate neighbouring seeds", () => {
    const first = Array.from({ length: 4000 }, (_, seed) => stream(seed, "x").next());
    const mean = first.reduce((sum, v) => sum + v, 0) / first.length;
    const lag =
      first.slice(1).reduce((sum, v, i) => sum + (v - 0.5) * ((first[i] as number) - 0.5), 0) / first.length;
    // Four standard errors of a uniform mean (.289/√4000) and of a product of uniforms ((1/12)/√4000).
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.0183);
    expect(Math.abs(lag)).toBeLessThan(0.0053);
  });

  it("gives each seed its own numbers, one-digit seeds too", () => {
    const seeds = [
      ...Array.from({ length: 2000 }, (_, i) => i),
      ...Array.from({ length: 2000 }, (_, i) => 99_000 + i),
    ];
    const first = new Set(seeds.map((seed) => `${stream(seed, "a").next()} ${stream(seed, "b").next()}`));
    expect(first.size).toBe(seeds.length);
  });

  it("draws weighted keys in proportion", () => {
    const s = stream(1, "weights");
    const hits = Array.from({ length: 3000 }, () => s.weighted({ a: 3, b: 1, never: 0 }));
    expect(hits.filter((key) => key === "a").length / 3000).toBeCloseTo(0.75, 1);
    expect(hits).not.toContain("never");
  });
});
