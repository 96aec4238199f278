import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { faceChoice, number, positive, whole } from "./numbers.ts";

test("reads numbers as people write them", () => {
  expect([number("0.5"), number("-2"), positive("1e3"), whole(0)("0"), whole(1, 3)("3")]).toEqual([
    0.5, -2, 1000, 0, 3,
  ]);
});

test.each([
  [number, ["", " ", "three", "Infinity", "NaN"]],
  [positive, ["0", "-1", "none"]],
  [whole(1, 3), ["0", "4", "1.5", ""]],
  [faceChoice, ["", "left", "-1", "1.5", "32", "1,", "1,2,3", "-1,5"]],
])("%o rejects everything else", (read, texts) => {
  for (const text of texts) expect(() => read(text), text).toThrow(InvalidArgumentError);
});

test("a face is a place or a point", () => {
  expect([faceChoice("0"), faceChoice("3"), faceChoice("512,300.5")]).toEqual([0, 3, { x: 512, y: 300.5 }]);
});

test("names the allowed range", () => {
  expect(() => whole(1)("0")).toThrow("it is not a whole number from 1.");
  expect(() => whole(0, 8)("9")).toThrow("it is not a whole number from 0 to 8.");
});
