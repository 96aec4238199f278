import { expect, test } from "vitest";
import { EDIT_ATTRIBUTES } from "../../training/text2mask/render.ts";
import { editCases } from "./cases.ts";

test("cases come from the portraits asked for and do not have the attribute yet", () => {
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

test("a hundred edits an attribute can be had; training's seeds and unknown attributes are refused", () => {
  expect(() => editCases("hair_color", 8000, 0)).not.toThrow();
  expect(editCases("sad", 8000, 100)).toHaveLength(100);
  expect(() => editCases("beard", 99_950, 5)).toThrow("those of training");
  expect(() => editCases("beard", 150_000, 5)).toThrow("those of training");
  expect(() => editCases("wings", 8000, 1)).toThrow("no attribute wings");
});
