import { describe, expect, it } from "vitest";
import { pair } from "./pairs.ts";
import {
  type Attributes,
  EDIT_ATTRIBUTES,
  portrait,
  renderPortrait,
  renderRegion,
  withAttribute,
} from "./render.ts";

const SIZE = 96;
/** Portraits an edit is checked on: enough for several hair styles within a few seconds in all. */
const PORTRAITS = 3;

/** Share of the summed absolute pixel difference that lies inside the region. */
async function locality(a: Attributes, b: Attributes, name: string): Promise<number> {
  const region = EDIT_ATTRIBUTES[name]?.region ?? "skin";
  const [x, y, mask] = await Promise.all([
    renderPortrait(a, SIZE),
    renderPortrait(b, SIZE),
    renderRegion(a, region, SIZE),
  ]);
  let inside = 0;
  let all = 0;
  for (let i = 0; i < x.length; i++) {
    const difference = Math.abs((x[i] as number) - (y[i] as number));
    all += difference;
    inside += (difference * (mask[Math.floor(i / 3)] as number)) / 255;
  }
  expect(all, `${name} changes seed ${a.seed} visibly`).toBeGreaterThan(SIZE * SIZE * 0.1);
  return inside / all;
}

describe("edit attributes", () => {
  it("are at least 24", () => {
    expect(Object.keys(EDIT_ATTRIBUTES).length).toBeGreaterThanOrEqual(24);
  });

  for (const [name, edit] of Object.entries(EDIT_ATTRIBUTES)) {
    it(`${name} changes only its region`, async () => {
      const people = Array.from({ length: 120 }, (_, i) => portrait(1200 + i)).filter((a) =>
        edit.applicable(a),
      );
      for (const a of people.slice(0, PORTRAITS)) {
        expect(await locality(a, edit.apply(a), name), `seed ${a.seed}`).toBeGreaterThanOrEqual(0.95);
      }
    });

    it(`${name} is present once applied, and names its subject`, () => {
      for (let seed = 1200; seed < 1260; seed++) {
        const a = portrait(seed);
        if (!edit.applicable(a)) continue;
        expect(edit.present(a)).toBe(false);
        if (name !== "hair_color") expect(edit.present(edit.apply(a))).toBe(true);
        expect(edit.targetPrompt(a)).toContain(a.gender);
        expect(edit.sourcePrompt(a)).toBe(`a ${a.gender}`);
      }
    });
  }
});

describe("withAttribute", () => {
  it("keeps everything else and the original", () => {
    const a = portrait(1234);
    const b = withAttribute(a, "beard", "full");
    expect(b).toEqual({ ...a, beard: "full" });
    expect(a).toEqual(portrait(1234));
  });
});

describe("pair", () => {
  it("lacks the attribute at first and has it then", () => {
    for (let seed = 1300; seed < 1500; seed++) {
      const { source, target, edit, attribute } = pair(seed);
      expect(edit.present(source), attribute).toBe(false);
      expect(target).not.toEqual(source);
    }
  });

  it("covers the six target attributes evenly", () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++)
      counts.set(pair(seed).attribute, (counts.get(pair(seed).attribute) ?? 0) + 1);
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(count).toBeGreaterThan(80);
  });
});
