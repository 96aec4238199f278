import { expect, test } from "vitest";
import type { Sight } from "../judge.ts";
import { isReadable, questionOf, READABLE } from "./questions.ts";

const sight = (scores: Record<string, number>): Sight => ({ scores, features: new Float32Array() });
const judge = {
  balancedAccuracy: {
    beard: 0.99,
    lipstick: READABLE,
    smile: 0.98,
    hair_colour: 0.97,
    bangs: READABLE - 0.001,
  },
};

test("a label that the classifier misreads, or was never tried on, is not judged", () => {
  expect(isReadable("beard", judge)).toBe(true);
  expect(isReadable("bangs", judge)).toBe(false);
  expect(isReadable("wrinkles", judge)).toBe(false);
  expect(isReadable("blond_hair", judge)).toBe(true);
  const sights = { source: sight({}), truth: sight({}) };
  expect(questionOf("bangs", false, judge, sights).asked).toBeNull();
  expect(questionOf("dark_lipstick", false, judge, sights).asked).toBe("lipstick");
});

test("kept are the readable labels on which source and truth agree, without the one that is asked for", () => {
  const source = sight({ beard: 0.1, lipstick: 0.9, smile: 0.9, blond_hair: 0.8, bangs: 0.9 });
  const truth = sight({ beard: 0.9, lipstick: 0.8, smile: 0.2, blond_hair: 0.7, bangs: 0.9 });
  const { asked, preserved } = questionOf("beard", false, judge, { source, truth });
  expect(asked).toBe("beard");
  expect(Object.fromEntries(preserved)).toEqual({
    lipstick: true,
    blond_hair: true,
    black_hair: false,
    brown_hair: false,
    gray_hair: false,
  });
});
