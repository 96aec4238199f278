import { expect, test } from "vitest";
import { attributesOf } from "../../../../shared/attributes.ts";
import { joined, requestOf } from "./requests.ts";

const words = ["with a full beard", "with a beard"];

test("every wording is asked for in each way, always the same for a number", () => {
  const asked = Array.from({ length: 6 }, (_, number) => requestOf(words, number));
  expect(new Set(asked).size).toBe(6);
  expect(asked).toContain("a beard");
  expect(asked).toContain("a person with a full beard");
  expect(requestOf(words, 6)).toBe(asked[0]);
  expect(requestOf(["smiling"], 1)).toBe("smiling");
});

test("several at once are one sentence, which the product takes apart again", () => {
  const three = ["with a full beard", "wearing glasses", "with gray hair"];
  expect(joined(three)).toBe("a person with a full beard, wearing glasses and with gray hair");
  expect(attributesOf(joined(three))).toHaveLength(3);
});
