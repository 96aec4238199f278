import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { vocabulary, vocabularyJson } from "./vocabulary.ts";
import { WORDINGS } from "./wordings.ts";

const FILE = join(import.meta.dirname, "../../models/mini/vocabulary.json");

test("the embedded model's vocabulary is what its texts say, and no held-out wording adds to it", async () => {
  const derived = vocabulary();
  expect(await readFile(FILE, "utf8")).toBe(vocabularyJson(derived));
  const known = new Set(derived.words);
  for (const word of ["spectacles", "moustache", "crimson", "brunette", "stubble", "gloss"])
    expect(known.has(word), word).toBe(false);
  const phrases = new Set(Object.values(derived.phrases).flat());
  for (const { heldOut } of WORDINGS) for (const text of heldOut) expect(phrases.has(text), text).toBe(false);
});
