import { expect, test } from "vitest";
import { EDIT_ATTRIBUTES } from "../../../training/text2mask/render.ts";
import { severalCases, TOGETHER } from "./several-cases.ts";

test("sets of two and three attributes, each of another region", () => {
  for (const names of TOGETHER)
    expect(new Set(names.map((name) => EDIT_ATTRIBUTES[name]?.region)).size, names.join()).toBe(names.length);
  expect(new Set(TOGETHER.map(({ length }) => length))).toEqual(new Set([2, 3]));
});

test("the product splits each prompt into as many sub-prompts as it names attributes", () => {
  for (const names of TOGETHER)
    for (const { locate, prompt } of severalCases(names, 99_000, 3))
      expect(locate, prompt).toHaveLength(names.length);
});

test("each step starts where the one before ended, and the last has all attributes", () => {
  for (const names of TOGETHER) {
    const [several] = severalCases(names, 99_000, 1);
    expect(several?.steps.map(({ attribute }) => attribute)).toEqual(names);
    several?.steps.forEach(({ before }, i) => {
      if (i > 0) expect(before).toEqual(several.steps[i - 1]?.after);
    });
    const last = several?.steps.at(-1)?.after;
    for (const name of names) expect(last && EDIT_ATTRIBUTES[name]?.present(last), name).toBe(true);
  }
});

test("the subject is said once", () => {
  const [two] = severalCases(["eyeglasses", "lipstick"], 99_000, 1);
  const gender = two?.steps[0]?.before.gender;
  expect(two?.prompt).toBe(`a ${gender} wearing glasses and wearing red lipstick`);
  expect(two?.locate).toEqual([`a ${gender} wearing glasses`, "wearing red lipstick"]);
  const [three] = severalCases(["goatee", "rosy_cheeks", "gray_hair"], 99_000, 1);
  expect(three?.prompt).toMatch(/^a (man|woman) with a goatee, with rosy cheeks and with gray hair$/);
});

test("too many are refused in words", () => {
  expect(() => severalCases(["smile", "sad"], 99_000, 1)).toThrow("will do");
});
