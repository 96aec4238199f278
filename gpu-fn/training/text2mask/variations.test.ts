import { describe, expect, it } from "vitest";
import { phrases } from "./phrases.ts";
import { EDIT_ATTRIBUTES, portrait } from "./render.ts";
import { REMOVALS, variations } from "./variations.ts";

const SEEDS = Array.from({ length: 300 }, (_, i) => 20_000 + i);
const rows = SEEDS.flatMap((seed) => variations(seed, 4).map((variation) => ({ seed, ...variation })));

describe("variations", () => {
  it("are the same each time, and different from the portrait and from each other", () => {
    expect(variations(20_007, 4)).toEqual(variations(20_007, 4));
    for (const seed of SEEDS) {
      const looks = [portrait(seed), ...variations(seed, 4).map(({ target }) => target)];
      expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(5);
    }
  });

  it("show what they are named after", () => {
    for (const { seed, names, target } of rows)
      for (const name of names) {
        if (name === "hair_color") expect(target.hairColor).not.toBe(portrait(seed).hairColor);
        else if (name in REMOVALS) expect(target).toMatchObject(REMOVALS[name]?.change ?? {});
        else expect(EDIT_ATTRIBUTES[name]?.present(target), `${seed} ${name}`).toBe(true);
      }
  });

  it("ask for nothing that the portrait shows already", () => {
    for (const { seed, caption } of rows) {
      expect(caption).toMatch(/^an? /);
      for (const { text } of phrases(portrait(seed)).filter(({ form }) => form === "with"))
        expect(caption.endsWith(` with ${text}`), `${seed}: ${caption}`).toBe(false);
    }
  });

  it("cover every attribute and every removal, with two attributes in a share of them", () => {
    const names = new Set(rows.flatMap((row) => row.names));
    expect(
      [...Object.keys(EDIT_ATTRIBUTES), ...Object.keys(REMOVALS)].filter((name) => !names.has(name)),
    ).toEqual([]);
    const two = rows.filter((row) => row.names.length === 2).length / rows.length;
    expect(two).toBeGreaterThan(0.06);
    expect(two).toBeLessThan(0.2);
  });
});
