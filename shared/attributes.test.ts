import fc from "fast-check";
import { expect, test } from "vitest";
import { ATTRIBUTES_MAX, attributesOf, fitsOnePrompt, joinPrompts } from "./attributes.ts";
import { promptSchema } from "./prompt.ts";

test.each([
  ["a woman wearing glasses", ["a woman wearing glasses"]],
  [
    "without bangs, wearing red lipstick, with thick eyebrows",
    ["without bangs", "wearing red lipstick", "with thick eyebrows"],
  ],
  ["a man with a beard and glasses", ["a man with a beard", "glasses"]],
  ["a woman with red lips & blue eyes", ["a woman with red lips", "blue eyes"]],
  ["a woman with no glasses but with a hat", ["a woman with no glasses", "with a hat"]],
  ["a man with nothing but a beard", ["a man with nothing but a beard"]],
  ["a woman with long, curly hair", ["a woman with long, curly hair"]],
  ["black and white hair", ["black and white hair"]],
  ["a happy man, smiling, and with a beard", ["a happy man, smiling", "with a beard"]],
  ["a young and happy woman with glasses", ["a young and happy woman with glasses"]],
  ["a person with a beard, please", ["a person with a beard, please"]],
  ["rock and roll", ["rock and roll"]],
])("%j", (prompt, attributes) => expect(attributesOf(prompt)).toEqual(attributes));

const words = fc.constantFrom(
  "a woman",
  "red lips",
  "glasses",
  "thick",
  "a beard",
  "of gold",
  "with hair",
  "x",
);
const separators = fc.constantFrom(", ", " and ", "; ", " & ", ", and ", " plus ", " but ");
const prompts = fc
  .tuple(words, fc.array(fc.tuple(separators, words), { maxLength: 14 }))
  .map(([first, rest]) => first + rest.flat().join(""));

test("every word of the prompt is in exactly one sub-prompt, in order", () => {
  const bare = (text: string) => text.replace(/\band\b|\bbut\b|\bplus\b|[,;&\s]/g, "");
  fc.assert(fc.property(prompts, (prompt) => bare(attributesOf(prompt).join(" ")) === bare(prompt)));
});

test("there are at most eight sub-prompts, and each is a valid prompt", () => {
  fc.assert(
    fc.property(prompts, (prompt) => {
      const attributes = attributesOf(prompt);
      expect(attributes.length).toBeLessThanOrEqual(ATTRIBUTES_MAX);
      for (const attribute of attributes) expect(promptSchema.parse(attribute)).toBe(attribute);
    }),
  );
});

test("several edits form one sentence", () => {
  expect(joinPrompts(["a woman wearing glasses.", "red lipstick "])).toBe(
    "a woman wearing glasses, red lipstick",
  );
  expect(fitsOnePrompt(["a".repeat(250), "b".repeat(249)])).toBe(false);
  expect(fitsOnePrompt(["a".repeat(250), "b".repeat(248)])).toBe(true);
});
