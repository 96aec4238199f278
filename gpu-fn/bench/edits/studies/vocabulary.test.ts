import { expect, test } from "vitest";
import { VOCABULARY } from "./vocabulary.ts";

const known = new Set(
  VOCABULARY.flatMap(({ kind, text }) => (kind === "known" ? text.toLowerCase().split(/\W+/) : [])),
);
const synonyms = VOCABULARY.filter(({ kind }) => kind === "synonym");

test("a synonym has a word that no training wording has, and its text says it", () => {
  expect(synonyms.length).toBeGreaterThan(20);
  for (const { name = "", text } of synonyms) {
    const words = name.split(" ");
    expect(
      words.some((word) => !known.has(word)),
      name,
    ).toBe(true);
    for (const word of words) expect(text.split(/\W+/), name).toContain(word);
  }
});

test("all eighteen regions have known and held-out wordings", () => {
  for (const kind of ["known", "held out"])
    expect(
      new Set(VOCABULARY.flatMap((wording) => (wording.kind === kind ? [wording.region] : []))).size,
    ).toBe(18);
});
