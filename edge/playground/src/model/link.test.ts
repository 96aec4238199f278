import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SUBJECTS } from "./attributes.ts";
import { EXAMPLES } from "./examples.ts";
import { hashOf, linkHolds, readHash } from "./link.ts";
import { MASK_DEFAULTS, MASK_RANGE } from "./mask.ts";
import type { Photo } from "./photo.ts";
import { PLAN } from "./schedule-choice.ts";

const shared = fc.record({
  wanted: fc.record({
    subject: fc.constantFrom(...SUBJECTS),
    attributes: fc.array(
      fc.string({ minLength: 1, maxLength: 60 }).map((text) => `with ${text}`.trim()),
      { maxLength: 8 },
    ),
  }),
  plan: fc.record({
    preset: fc.constantFrom("paper", "balanced", "fast"),
    structuring: fc.option(fc.integer({ min: 0, max: 9 })),
  }),
  mask: fc.record({
    grow: fc.double({ min: 0, max: MASK_RANGE.grow.max, noNaN: true }),
    feather: fc.double({ min: 0, max: MASK_RANGE.feather.max, noNaN: true }),
  }),
  example: fc.option(fc.constantFrom(...EXAMPLES.map(({ name }) => name))),
});

describe("a link", () => {
  it("carries all that makes the same picture of the same photo", () => {
    fc.assert(
      fc.property(shared, (given) => {
        expect(readHash(`#${hashOf(given)}`)).toEqual(given);
      }),
    );
  });

  it("says what it holds, and what stays", () => {
    const own = { example: null } as Photo;
    const stroke = { mode: "add", radius: 0.05, points: [{ x: 0.5, y: 0.5 }] } as const;
    expect(linkHolds({ photo: { ...own, example: "portrait-01" }, strokes: [] })).toBe(
      "It holds the example, the words, the quality and the sliders.",
    );
    expect(linkHolds({ photo: own, strokes: [] })).toMatch(/^It holds the words.*; your photo stays here\.$/);
    expect(linkHolds({ photo: own, strokes: [stroke] })).toMatch(
      /your photo and what you painted stay here\.$/,
    );
  });

  it("is never broken: what is none says nothing", () => {
    const nothing = {
      wanted: { subject: "person", attributes: [] },
      plan: PLAN,
      mask: MASK_DEFAULTS,
      example: null,
    };
    expect(readHash("")).toEqual(nothing);
    expect(readHash("#of=dog&T=99&grow=-1&feather=x&photo=../secret&add=%20")).toEqual(nothing);
    fc.assert(fc.property(fc.string(), (hash) => void readHash(hash)));
  });
});
