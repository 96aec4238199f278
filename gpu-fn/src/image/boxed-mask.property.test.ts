import fc from "fast-check";
import { expect, test } from "vitest";
import { spreadMask } from "./composite.ts";
import { feathered } from "./feather.ts";
import { clippedTo, coverageOf } from "./grey.ts";
import type { Grey, Part, Rectangle } from "./picture.ts";
import { boundsOf } from "./window.ts";

const [WIDTH, HEIGHT] = [48, 40];

const rectangle = (most: number) =>
  fc.record({
    left: fc.integer({ min: 0, max: WIDTH - 1 }),
    top: fc.integer({ min: 0, max: HEIGHT - 1 }),
    width: fc.integer({ min: 0, max: most }),
    height: fc.integer({ min: 0, max: most }),
  });

const inPhoto = ({ left, top, width, height }: Rectangle): Rectangle => ({
  left,
  top,
  width: Math.min(width, WIDTH - left),
  height: Math.min(height, HEIGHT - top),
});

/** Masks that are 0 outside of a box, and that say so; not every cell in the box is above 0. */
const boxed = fc
  .record({ box: rectangle(WIDTH).map(inPhoto), seed: fc.integer({ min: 1, max: 1000 }) })
  .map(({ box, seed }): Grey => {
    const data = new Uint8Array(WIDTH * HEIGHT);
    for (let y = box.top; y < box.top + box.height; y++)
      for (let x = box.left; x < box.left + box.width; x++)
        data[y * WIDTH + x] = Math.max(0, ((seed * (7 * x + 13 * y + 1)) % 509) - 254);
    return { width: WIDTH, height: HEIGHT, data, box };
  });

const unboxed = ({ width, height, data }: Grey): Grey => ({ width, height, data });

/** Parts of any roll that may lie partly or wholly outside of the photo. */
const parts = fc.record({
  left: fc.double({ min: -60, max: 60, noNaN: true }),
  top: fc.double({ min: -60, max: 60, noNaN: true }),
  width: fc.double({ min: 1, max: 90, noNaN: true }),
  height: fc.double({ min: 1, max: 90, noNaN: true }),
  roll: fc.oneof(fc.constant(0), fc.double({ min: -Math.PI, max: Math.PI, noNaN: true })),
});

test("property: what a mask's box says changes no bounds, no coverage and no clipped pixel", () => {
  fc.assert(
    fc.property(boxed, parts, (mask, part) => {
      const clipped = clippedTo(mask, part);
      const plain = clippedTo(unboxed(mask), part);
      expect(boundsOf(mask)).toEqual(boundsOf(unboxed(mask)));
      expect(coverageOf(mask)).toBe(coverageOf(unboxed(mask)));
      expect(clipped.data).toEqual(plain.data);
      expect(boundsOf(clipped)).toEqual(boundsOf(unboxed(clipped)));
      expect(boundsOf(plain)).toEqual(boundsOf(unboxed(plain)));
    }),
    { numRuns: 500 },
  );
});

test("property: a clipped mask keeps a pixel if its centre lies in the upright part, whatever the part", () => {
  fc.assert(
    fc.property(boxed, parts, (mask, { roll: _, ...part }) => {
      const { data } = clippedTo(mask, part);
      const within = (at: number, start: number, length: number) => at >= start && at < start + length;
      const kept = mask.data.map((value, i) => {
        const [x, y] = [(i % WIDTH) + 0.5, Math.floor(i / WIDTH) + 0.5];
        return within(x, part.left, part.width) && within(y, part.top, part.height) ? value : 0;
      });
      expect(data).toEqual(kept);
    }),
  );
});

test("property: nothing of a feathered mask lies outside of its box, and the box it came with changes no pixel", async () => {
  await fc.assert(
    fc.asyncProperty(boxed, fc.double({ min: 0, max: 0.2, noNaN: true }), async (mask, fraction) => {
      const soft = await feathered(mask, fraction);
      expect(soft.data).toEqual((await feathered(unboxed(mask), fraction)).data);
      expect(boundsOf(soft)).toEqual(boundsOf(unboxed(soft)));
    }),
    { numRuns: 50 },
  );
});

test("property: a spread mask is 0 outside of its box, for parts of any roll in and beside the photo", async () => {
  const cells = fc.array(fc.constantFrom(0, 0, 0, 0.3, 1), { minLength: 30, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(cells, parts, fc.boolean(), async (values, place, whole) => {
      // an upright part lies on whole pixels
      const upright = { left: Math.round(place.left), top: Math.round(place.top), width: 60, height: 50 };
      const part: Part = whole ? upright : place;
      if (!whole && place.roll === 0) return;
      const photo = { width: WIDTH, height: HEIGHT };
      const mask = { width: 6, height: 5, data: Float32Array.from(values) };
      const spread = await spreadMask(mask, photo, part);
      expect(boundsOf(spread)).toEqual(boundsOf(unboxed(spread)));
    }),
    { numRuns: 100 },
  );
});
