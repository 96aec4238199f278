import { describe, expect, it } from "vitest";
import { REGIONS } from "../../../shared/regions.ts";
import { portrait } from "./attributes.ts";
import { captions } from "./captions.ts";
import { REGION_PHRASES } from "./regions/phrases.ts";
import { WORDINGS } from "./wordings.ts";

/** The held-out phrases' own words: none may be read during training, so that the phrases stay new. */
const UNSEEN =
  `agape almond angular aquiline asleep auburn blush blushing broad brow brows brunette bulbous cheerful cleft
  complexion cosmetics creases crimson dropped emerald eyelids eyewear falling fat fold foundation fringe front frowning
  gasping gloss goggles grinning hazel irises ivory jawline laughing line lip locks look losing mascara moustache
  nostrils olive panda plucked plump ponytail protruding redhead rimmed rouge scarlet shades silver sleep sleepless
  slender spectacles squinting stubble sunburn swollen thinning tresses unibrow unshaven visage whiskers winking`.split(
    /\s+/,
  );

describe("wordings", () => {
  const train = new Set(WORDINGS.flatMap((entry) => entry.train));

  it("has the eighteen regions in mask order with enough wordings", () => {
    expect(WORDINGS.map((entry) => entry.region)).toEqual([...REGIONS]);
    for (const region of REGIONS) {
      expect(REGION_PHRASES[region].train.length, region).toBeGreaterThanOrEqual(10);
      expect(REGION_PHRASES[region].heldOut.length, region).toBeGreaterThanOrEqual(3);
    }
  });

  it("keeps held-out wordings out of training", () => {
    for (const { region, heldOut } of WORDINGS) {
      for (const text of heldOut) expect(train.has(text), `${region}: ${text}`).toBe(false);
    }
  });

  it("never says the held-out words in wordings or captions of training", () => {
    const corpus = new Set([...train].flatMap((text) => text.split(/\W+/)));
    for (let seed = 0; seed < 300; seed++) {
      for (const text of captions(portrait(seed), 8)) for (const word of text.split(/\W+/)) corpus.add(word);
    }
    for (const word of UNSEEN) expect(corpus.has(word), word).toBe(false);
  });

  it("says each training wording of one region only", () => {
    const owner = new Map<string, string>();
    for (const entry of WORDINGS) {
      for (const text of entry.train) {
        expect(owner.get(text) ?? entry.region, text).toBe(entry.region);
        owner.set(text, entry.region);
      }
    }
  });

  it("leaves no placeholder unfilled", () => {
    for (const entry of WORDINGS)
      for (const text of [...entry.train, ...entry.heldOut]) expect(text).not.toMatch(/[{}]/);
  });
});
