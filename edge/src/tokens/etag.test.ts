import { expect, test } from "vitest";
import { matchesEtag } from "./etag.ts";

test.each<[string | undefined, boolean]>([
  [undefined, false],
  ["", false],
  ['"abc"', true],
  ['W/"abc"', true],
  ['"x", "abc"', true],
  ["*", true],
  ['"ab"', false],
  ["abc", false],
  ['"x,abc"', false],
])("If-None-Match: %s", (header, expected) => {
  expect(matchesEtag(header, '"abc"')).toBe(expected);
});
