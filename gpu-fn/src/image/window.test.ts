import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rectangle, Size } from "./picture.ts";
import { boundsOf, editWindow, type WindowRule } from "./window.ts";

const FLUX: WindowRule = { margin: 0.5, multiple: 16, min: 512, max: 1024 };

const rules = fc
  .record({
    margin: fc.double({ min: 0, max: 2, noNaN: true }),
    multiple: fc.constantFrom(8, 16),
    units: fc.tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 0, max: 16 })),
  })
  .map(({ margin, multiple, units: [least, more] }): WindowRule => {
    return { margin, multiple, min: least * multiple, max: (least + more) * multiple };
  });

/** A box of at least a pixel somewhere in a photo of any shape. */
const boxes = fc
  .tuple(fc.integer({ min: 64, max: 6000 }), fc.integer({ min: 64, max: 6000 }))
  .chain(([width, height]) =>
    fc.record({
      photo: fc.constant({ width, height }),
      x: fc.tuple(fc.integer({ min: 0, max: width - 1 }), fc.integer({ min: 0, max: width - 1 })),
      y: fc.tuple(fc.integer({ min: 0, max: height - 1 }), fc.integer({ min: 0, max: height - 1 })),
    }),
  )
  .map(({ photo, x, y }) => {
    const [left, right, top, bottom] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
    return { photo, box: { left, top, width: right - left + 1, height: bottom - top + 1 } };
  });

const ends = ({ left, top, width, height }: Rectangle) => [left, top, left + width, top + height] as const;
const sides = ({ width, height }: Size) => [width, height] as const;

describe("property: the window of any box in any photo", () => {
  const check = (holds: (box: Rectangle, photo: Size, rule: WindowRule) => void) =>
    fc.assert(
      fc.property(boxes, rules, ({ photo, box }, rule) => holds(box, photo, rule)),
      { numRuns: 2000 },
    );

  test("lies inside the photo, on whole pixels", () => {
    check((box, photo, rule) => {
      const { part } = editWindow(box, photo, rule);
      const [left, top, right, bottom] = ends(part);
      for (const end of [left, top, right, bottom]) expect(Number.isInteger(end)).toBe(true);
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(photo.width);
      expect(bottom).toBeLessThanOrEqual(photo.height);
    });
  });

  test("contains the box, with its margin as far as the photo extends", () => {
    check((box, photo, rule) => {
      const margin = rule.margin * Math.max(box.width, box.height);
      const inner = ends(box);
      const [left, top, right, bottom] = ends(editWindow(box, photo, rule).part);
      expect(left).toBeLessThanOrEqual(Math.max(0, inner[0] - margin));
      expect(top).toBeLessThanOrEqual(Math.max(0, inner[1] - margin));
      expect(right).toBeGreaterThanOrEqual(Math.min(photo.width, inner[2] + margin));
      expect(bottom).toBeGreaterThanOrEqual(Math.min(photo.height, inner[3] + margin));
    });
  });

  test("has sides that are multiples, none above max, the shorter one at least min or the longer one max", () => {
    check((box, photo, rule) => {
      const { part, size } = editWindow(box, photo, rule);
      for (const side of sides(size)) {
        expect(side % rule.multiple).toBe(0);
        expect(side).toBeGreaterThan(0);
        expect(side).toBeLessThanOrEqual(rule.max);
      }
      if (Math.min(...sides(size)) >= rule.min) return;
      expect(Math.max(...sides(size))).toBe(rule.max);
      // it is a strip because the photo has nothing more
      expect(part.width === photo.width || part.height === photo.height).toBe(true);
    });
  });

  test("keeps its shape to less than a multiple per side, and its scale too unless a side is out of range", () => {
    check((box, photo, { min, max, margin, multiple }) => {
      const { part, size } = editWindow(box, photo, { min, max, margin, multiple });
      const [across, down] = [size.width / part.width, size.height / part.height];
      // rounding costs half a pixel of the photo, or less than a multiple of the model's pixels, on each axis
      const lost = multiple + Math.max(across, down) / 2;
      expect(Math.abs(across - down)).toBeLessThan(lost * (1 / part.width + 1 / part.height));
      if (Math.min(...sides(part)) < min || Math.max(...sides(part)) > max) return;
      expect(size.width - part.width).toBeLessThan(multiple);
      expect(size.height - part.height).toBeLessThan(multiple);
    });
  });

  test("is the whole photo if it fits, whatever is edited", () => {
    check((box, photo, rule) => {
      if (Math.max(photo.width, photo.height) > rule.max) return;
      expect(editWindow(box, photo, rule).part).toEqual({ left: 0, top: 0, ...photo });
    });
  });
});

const box = (left: number, top: number, width: number, height: number) => ({ left, top, width, height });

test.each([
  [
    "glasses in a large photo: reduced",
    box(1500, 900, 700, 200),
    [4000, 3000],
    box(1150, 540, 1400, 919),
    [1024, 672],
  ],
  [
    "an eye in a large photo: 512² as it is",
    box(1500, 900, 60, 40),
    [4000, 3000],
    box(1274, 664, 512, 512),
    [512, 512],
  ],
  ["in its corner", box(3950, 0, 50, 20), [4000, 3000], box(3488, 0, 512, 512), [512, 512]],
  ["all of it, reduced", box(0, 0, 4000, 3000), [4000, 3000], box(0, 0, 4000, 3000), [1024, 768]],
  ["a nose: as it is", box(1500, 900, 300, 400), [4000, 3000], box(1298, 700, 704, 800), [704, 800]],
  ["a small photo, enlarged", box(10, 10, 20, 20), [64, 64], box(0, 0, 64, 64), [512, 512]],
  ["a photo of no multiple", box(10, 10, 20, 20), [1000, 700], box(0, 0, 1000, 700), [1008, 704]],
  ["a strip", box(900, 5, 20, 20), [3000, 100], box(860, 0, 100, 100), [512, 512]],
] as const)("%s", (_, mask, [width, height], part, [across, down]) => {
  expect(editWindow(mask, { width, height }, FLUX)).toEqual({ part, size: { width: across, height: down } });
});

test("the bounds contain every value above 0; an empty mask has none", () => {
  const data = new Uint8Array(6 * 5);
  expect(boundsOf({ width: 6, height: 5, data })).toBeNull();
  data[1 * 6 + 4] = 1;
  data[3 * 6 + 2] = 255;
  expect(boundsOf({ width: 6, height: 5, data })).toEqual(box(2, 1, 3, 3));
});
