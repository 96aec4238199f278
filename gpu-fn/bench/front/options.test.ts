import { expect, test } from "vitest";
import { thresholdsOf } from "./options.ts";

test("thresholds are numbers above 0, each once", () => {
  expect(thresholdsOf({ firstBlock: ["0.05", ".1", "1", "0.1"] })).toEqual([0.05, 0.1, 1]);
  expect(thresholdsOf({})).toBeUndefined();
});

test.each(["0", "-0.1", "a tenth", ""])("%j is refused in one line", (text) => {
  expect(() => thresholdsOf({ firstBlock: ["0.1", text] })).toThrow(
    `--first-block: ${text} is no number above 0`,
  );
});
