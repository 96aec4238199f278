import { describe, expect, it } from "vitest";
import { type Attributes, portrait } from "./attributes.ts";
import { captions } from "./captions.ts";
import { labels } from "./labels.ts";
import { HAIR_COLORS, LIPSTICKS } from "./palette.ts";

/** What a caption may say, and when it may say it: read from its words alone, not from the phrase that made it. */
const CLAIMS: readonly [RegExp, (a: Attributes) => boolean][] = [
  [/\b(a beard|full beard|bearded)\b/, (a) => labels(a).beard === 1],
  [/\bgoatee\b/, (a) => labels(a).goatee === 1],
  [/\bmustache\b/, (a) => labels(a).mustache === 1],
  [/\b(clean-shaven|no beard)\b|without a beard/, (a) => labels(a).facial_hair === 0],
  [/\bbangs\b/, (a) => labels(a).bangs === 1],
  [/\b(no bangs|bare forehead)\b/, (a) => labels(a).bangs === 0],
  [/wearing (\w+ )*glasses|pair of glasses|with glasses|eyeglasses/, (a) => labels(a).eyeglasses === 1],
  [/\bsunglasses\b/, (a) => labels(a).sunglasses === 1],
  [/(no|without) glasses/, (a) => labels(a).eyeglasses === 0 && labels(a).sunglasses === 0],
  [/\b(smiling|happy|a smile|big smile)\b/, (a) => labels(a).smile === 1],
  [/\bsad\b/, (a) => labels(a).sad === 1],
  [/\blipstick\b/, (a) => labels(a).lipstick === 1],
  [/(no|without) lipstick|natural lips/, (a) => labels(a).lipstick === 0],
  [/\bbald\b|\bno hair\b/, (a) => labels(a).bald === 1],
  [/\bclosed eyes\b/, (a) => labels(a).closed_eyes === 1],
  [/\bheavy makeup\b/, (a) => labels(a).heavy_makeup === 1],
  [/\breceding hairline\b/, (a) => labels(a).receding_hairline === 1],
  [/\brosy cheeks\b/, (a) => labels(a).rosy_cheeks === 1],
  [/\bwoman\b/, (a) => labels(a).man === 0],
  [/\bman\b/, (a) => labels(a).man === 1],
  [/\bold\b/, (a) => a.age === "old"],
  [/\byoung\b/, (a) => a.age === "young"],
];

/** Removes "no bangs" and the like, so that a denial is not read as a claim. */
function withoutDenials(text: string): string {
  return text.replaceAll(/\b(no|without)( a)? (beard|bangs|lipstick|glasses|smile|hair)\b/g, "");
}

const people = Array.from({ length: 1200 }, (_, i) => portrait(300_000 + i));

describe("captions", () => {
  it("are true", () => {
    for (const a of people) {
      for (const text of captions(a, 8)) {
        for (const [words, holds] of CLAIMS) {
          const denial = /no |without|clean|bare|natural lips/.test(words.source);
          if (words.test(denial ? text : withoutDenials(text)))
            expect(holds(a), `seed ${a.seed}: ${text}`).toBe(true);
        }
      }
    }
  });

  it("name the right colours", () => {
    for (const a of people) {
      for (const text of captions(a, 8)) {
        const hair = Object.keys(HAIR_COLORS).find((color) =>
          new RegExp(`(?<!dark )\\b${color} hair\\b`).test(text),
        );
        if (hair) expect(labels(a).hair_color, text).toBe(hair);
        const lips = Object.keys(LIPSTICKS).find((color) =>
          new RegExp(`(?<!dark )\\b${color} lipstick`).test(text),
        );
        if (lips) expect(a.lipstick, text).toBe(lips);
      }
    }
  });

  it("are short, and name a target in at least 65 % with bare subjects in about 8 %", () => {
    const all = people.flatMap((a) => captions(a, 8));
    const target =
      /beard|mustache|goatee|hair|bald|bob|bun|bangs|lipstick|\blips\b|glasses|smil|happy|shaven|forehead/;
    expect(Math.max(...all.map((text) => text.split(" ").length))).toBeLessThanOrEqual(24);
    expect(all.filter((text) => target.test(text)).length / all.length).toBeGreaterThan(0.65);
    const bare = all.filter((text) => /^a (person|man|woman)\.$/.test(text)).length / all.length;
    // Four standard errors of .08 over 9,600 captions.
    expect(Math.abs(bare - 0.08)).toBeLessThan(0.0112);
  });

  it("repeat for the same portrait", () => {
    expect(captions(portrait(5), 8)).toEqual(captions(portrait(5), 8));
  });
});

describe("portraits", () => {
  it("have each target attribute often enough, whatever the gender", () => {
    const share = (group: Attributes[], has: (a: Attributes) => boolean): number =>
      group.filter(has).length / group.length;
    const men = people.filter((a) => a.gender === "man");
    const women = people.filter((a) => a.gender === "woman");
    expect(share(people, (a) => a.beard !== "none")).toBeGreaterThan(0.3);
    expect(share(people, (a) => a.bangs !== "none")).toBeGreaterThan(0.28);
    expect(share(people, (a) => a.lipstick !== "none")).toBeGreaterThan(0.28);
    expect(share(people, (a) => a.eyewear !== "none")).toBeGreaterThan(0.3);
    expect(share(people, (a) => a.expression === "smile")).toBeGreaterThan(0.3);
    expect(share(men, (a) => a.lipstick !== "none")).toBeGreaterThan(0.08);
    expect(share(women, (a) => a.beard !== "none")).toBeGreaterThan(0.03);
  });
});
