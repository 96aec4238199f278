import { describe, expect, test } from "vitest";
import { chooseFace, ranked } from "./choose.ts";
import type { Face } from "./finder.ts";

const PHOTO = { width: 1000, height: 600 };

function face(x: number, y: number, side: number, far = 0.5): Face {
  const box = { left: x - side / 2, top: y - side / 2, width: side, height: side, roll: 0 };
  return {
    score: 1,
    eyes: [box, box].map(() => ({ x, y })) as [Face["mouth"], Face["mouth"]],
    mouth: { x, y },
    box,
    far,
  };
}

const [small, middle, large] = [face(150, 300, 60), face(500, 300, 200), face(850, 200, 210)];

describe("of several faces", () => {
  const faces = ranked([small, large, middle], PHOTO);

  test("the largest near the middle comes first", () => {
    expect(faces).toEqual([middle, large, small]);
    expect(chooseFace(faces, undefined)).toBe(middle);
    // a much larger face comes first, wherever it is
    expect(ranked([middle, face(850, 200, 420)], PHOTO)[0]?.box.width).toBe(420);
  });

  test("another is chosen by its place in the list or by a point on it", () => {
    expect(chooseFace(faces, 2)).toBe(small);
    expect(chooseFace(faces, { x: 160, y: 310 })).toBe(small);
    expect(chooseFace(faces, { x: 900, y: 240 })).toBe(large);
  });

  test("a missing one is refused", () => {
    expect(() => chooseFace(faces, 3)).toThrow("face 3 is not there: 3 faces are found, counted from 0");
    expect(() => chooseFace(faces, { x: 300, y: 20 })).toThrow("no face is found at (300, 20)");
    expect(() => chooseFace([], undefined)).toThrow("no face is found in the photo");
  });
});

test("a face that shows both eyes is preferred to a profile, and a profile alone is refused", () => {
  const profile = face(500, 300, 200, 0.05);
  expect(chooseFace([profile, small], undefined)).toBe(small);
  expect(() => chooseFace([profile], undefined)).toThrow("seen from the side");
  expect(() => chooseFace([profile, small], 0)).toThrow("seen from the side");
});
