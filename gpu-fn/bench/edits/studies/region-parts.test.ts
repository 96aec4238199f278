import { expect, test } from "vitest";
import { blend, leftPart, upperPart } from "./region-parts.ts";

// Two cheeks in 4×3 pixels, the left one stronger in its lower half.
const cheeks = Uint8Array.from([200, 0, 0, 200, 255, 0, 0, 255, 0, 0, 0, 0]);

test("the left part is one of two cheeks, the upper part the upper half of both", () => {
  expect([...leftPart(cheeks, 4)]).toEqual([200, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0]);
  // The centre of mass lies between the rows, nearer to the lower one.
  expect([...upperPart(cheeks, 4)]).toEqual([200, 0, 0, 200, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test("a blend is one picture inside, the other outside, both by coverage between", () => {
  const [one, other] = [new Uint8Array(9).fill(200), new Uint8Array(9).fill(100)];
  expect([...blend(one, other, Uint8Array.of(255, 0, 51))]).toEqual([
    200, 200, 200, 100, 100, 100, 120, 120, 120,
  ]);
});
