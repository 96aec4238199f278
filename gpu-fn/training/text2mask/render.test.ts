import { describe, expect, it } from "vitest";
import { portrait, REGIONS, renderPortrait, renderRegion, renderRegions } from "./render.ts";

describe("renderPortrait", () => {
  it("gives raw RGB, the same for the same seed and another for another", async () => {
    const [a, again, b] = await Promise.all([1, 1, 2].map((seed) => renderPortrait(portrait(seed), 64)));
    expect(a?.length).toBe(64 * 64 * 3);
    expect(a?.equals(again as Buffer)).toBe(true);
    expect(a?.equals(b as Buffer)).toBe(false);
  });

  it("fills the frame: no seed is blank or clipped to one colour", async () => {
    for (let seed = 20; seed < 32; seed++) {
      const pixels = await renderPortrait(portrait(seed), 32);
      const mean = pixels.reduce((sum, v) => sum + v, 0) / pixels.length;
      const spread = Math.sqrt(pixels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / pixels.length);
      expect(spread, `seed ${seed}`).toBeGreaterThan(20);
    }
  });
});

describe("renderRegions", () => {
  it("covers a plausible part of the frame for every region", async () => {
    for (let seed = 40; seed < 52; seed++) {
      const masks = await renderRegions(portrait(seed), 32);
      expect(masks.length).toBe(REGIONS.length * 32 * 32);
      for (const [i, region] of REGIONS.entries()) {
        const share = masks.subarray(i * 1024, (i + 1) * 1024).reduce((sum, v) => sum + v, 0) / 255 / 1024;
        // Pupils are the smallest region; long hair is the largest.
        expect(share, `${region} of seed ${seed}`).toBeGreaterThan(0.004);
        expect(share, `${region} of seed ${seed}`).toBeLessThan(0.5);
      }
    }
  });

  it("agrees with the single region, but for rounding at tile edges", async () => {
    const a = portrait(60);
    const masks = await renderRegions(a, 32);
    for (const [i, region] of REGIONS.entries()) {
      const one = await renderRegion(a, region, 32);
      const far = one.reduce((sum, v, k) => sum + Math.abs(v - (masks[i * 1024 + k] as number)), 0) / 1024;
      expect(far, region).toBeLessThan(1);
    }
  });
});
