import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Part } from "./picture.ts";
import { boxAround, isWithin, laidOnto, placeIn, shareIn } from "./turn.ts";

const parts = fc
  .record({
    left: fc.integer({ min: -50, max: 200 }),
    top: fc.integer({ min: -50, max: 200 }),
    width: fc.integer({ min: 10, max: 300 }),
    height: fc.integer({ min: 10, max: 300 }),
    roll: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
  })
  .map((part): Part => part);

const shares = fc.record({
  x: fc.double({ min: 0, max: 1, noNaN: true }),
  y: fc.double({ min: 0, max: 1, noNaN: true }),
});

test("a point maps to the photo and back, and lies in the box around the part", () => {
  fc.assert(
    fc.property(parts, shares, (part, share) => {
      const place = placeIn(part, share);
      const back = shareIn(part, place);
      expect(back.x).toBeCloseTo(share.x, 6);
      expect(back.y).toBeCloseTo(share.y, 6);
      const { left, top, width, height } = boxAround(part);
      expect(place.x).toBeGreaterThanOrEqual(left - 1e-6);
      expect(place.x).toBeLessThanOrEqual(left + width + 1e-6);
      expect(place.y).toBeGreaterThanOrEqual(top - 1e-6);
      expect(place.y).toBeLessThanOrEqual(top + height + 1e-6);
    }),
  );
});

test("a positive roll turns clockwise as shown", () => {
  const part = { left: 0, top: 0, width: 10, height: 10, roll: Math.PI / 2 };
  const corner = placeIn(part, { x: 0, y: 0 });
  expect([corner.x, corner.y].map(Math.round)).toEqual([10, 0]);
});

describe("a picture laid onto another grid", () => {
  const [width, height] = [40, 30];
  const whole = { left: 0, top: 0, width, height };
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 37) % 256);
  const plane = { data, channels: 3, width, height } as const;

  test("stays the same on its own grid, byte for byte", () => {
    expect(laidOnto(plane, whole, whole, whole, { beyond: "edge" })).toEqual(data);
  });

  test("is turned by a quarter without loss", () => {
    const onto = { left: 5, top: -5, width: height, height: width, roll: Math.PI / 2 };
    const turned = laidOnto(plane, whole, onto, { width: height, height: width }, { beyond: "edge" });
    // right in the view is down in the photo
    for (let y = 0; y < width; y++)
      for (let x = 0; x < height; x++)
        expect(turned[3 * (y * height + x)]).toBe(data[3 * (x * width + width - 1 - y)]);
  });

  test("is averaged over larger cells; beyond it is its edge or nothing", () => {
    const ramp = Float32Array.from({ length: width * height }, (_, i) => i % width);
    const grey = { data: ramp, channels: 1, width, height } as const;
    const halved = laidOnto(grey, whole, whole, { width: width / 2, height: height / 2 }, { beyond: "edge" });
    expect(halved[3]).toBeCloseTo(6.5, 5);
    const aside = { left: -40, top: 0, width: 80, height: 30 };
    const size = { width: 2, height: 1 };
    const sevens = { data: new Float32Array(width * height).fill(7), channels: 1, width, height } as const;
    expect([...laidOnto(sevens, whole, aside, size, { beyond: "edge" })]).toEqual([7, 7]);
    expect([...laidOnto(sevens, whole, aside, size, { beyond: "nothing" })]).toEqual([0, 7]);
  });
});

test("a part is within the photo if it is upright and does not extend beyond it", () => {
  const photo = { width: 100, height: 50 };
  expect(isWithin({ left: 0, top: 0, width: 100, height: 50 }, photo)).toBe(true);
  expect(isWithin({ left: 1, top: 0, width: 100, height: 50 }, photo)).toBe(false);
  expect(isWithin({ left: 20, top: 10, width: 20, height: 20, roll: 0.2 }, photo)).toBe(false);
});
