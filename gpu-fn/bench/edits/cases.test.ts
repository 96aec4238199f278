import { expect, test } from "vitest";
import { EDIT_ATTRIBUTES } from "../../training/text2mask/render.ts";
import { editCases } from "./cases.ts";

test("cases come from the hundred portraits asked for and do not have the attribute yet", () => {
  for (const attribute of ["beard", "hair_color", "bangs", "lipstick", "eyeglasses", "smile"]) {
    const cases = editCases(attribute, 8000, 20);
    expect(cases).toHaveLength(20);
    for (const { seed, before, after } of cases) {
      expect(seed).toBeGreaterThanOrEqual(8000);
      expect(seed).toBeLessThan(8100);
      expect(EDIT_ATTRIBUTES[attribute]?.present(before)).toBe(false);
      expect(after).not.toEqual(before);
    }
  }
});

test("too many edits or an unknown attribute are refused", () => {
  expect(() => editCases("beard", 8000, 101)).toThrow("can take it");
  expect(() => editCases("wings", 8000, 1)).toThrow("no attribute wings");
});
