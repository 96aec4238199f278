import { expect, test } from "vitest";
import type { Mask, Part } from "../image/picture.ts";
import { endingSoftly } from "./soft-end.ts";

const SIDE = 40;
const PART: Part = { left: 100, top: 50, width: 200, height: 200 };

/** 1 in some columns from some row on down to the lower border. */
const HAIR: Mask = {
  ...{ width: SIDE, height: SIDE },
  data: Float32Array.from({ length: SIDE * SIDE }, (_, i) =>
    Number(i % SIDE >= 10 && i % SIDE < 30 && i >= 5 * SIDE),
  ),
};
const column = ({ data }: Mask, x: number) =>
  Array.from({ length: SIDE }, (_, y) => data[y * SIDE + x] as number);

test("a region that reaches a border ends there softly, and only there", () => {
  const ended = column(endingSoftly(HAIR, PART, { width: 400, height: 400 }), 20);
  expect(ended.slice(0, 30)).toEqual(column(HAIR, 20).slice(0, 30));
  const last = ended.slice(32);
  expect(last).toEqual([...last].sort((a, b) => b - a));
  expect(ended.at(-1)).toBeLessThan(0.1);
});

test("at the photo's own edge, and where a region ends by itself, nothing fades", () => {
  expect(endingSoftly(HAIR, PART, { width: 400, height: 250 }).data).toEqual(HAIR.data);
  const short = { ...HAIR, data: HAIR.data.map((value, i) => (i < 39 * SIDE ? value : 0)) };
  expect(endingSoftly(short, PART, { width: 400, height: 400 }).data).toEqual(short.data);
});
