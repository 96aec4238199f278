import { expect, test } from "vitest";
import { pooledPosition } from "./clip.ts";

test("the first end-of-text is pooled, and padding with the same id does not matter", () => {
  expect(pooledPosition([97, 5, 98, 98, 98], 98)).toBe(2);
});

test("the old id 2 means the largest id, even if the text contains a 2", () => {
  expect(pooledPosition([97, 2, 5, 98, 0, 0], 2)).toBe(3);
});

test("without an end-of-text the first token is pooled, as in transformers", () => {
  expect(pooledPosition([97, 5, 6], 98)).toBe(0);
});
