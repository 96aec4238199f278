import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { remapMask, resizeMask, touchedCells } from "./mask-grid.ts";

const side = fc.integer({ min: 1, max: 12 });

test("property: values stay within those of the mask", () => {
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      fc.infiniteStream(fc.float({ min: 0, max: 1, noNaN: true })),
      (h, w, H, W, values) => {
        const data = Float32Array.from({ length: h * w }, () => values.next().value);
        const resized = resizeMask({ data, height: h, width: w }, H, W);
        expect(resized.data).toHaveLength(H * W);
        for (const value of resized.data) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...data) - 1e-6);
          expect(value).toBeLessThanOrEqual(Math.max(...data) + 1e-6);
        }
      },
    ),
  );
});

test("area resizing halves a grid by the means of 2x2 cells, which keeps soft coverage", () => {
  const mask = { data: Float32Array.of(0, 1, 0, 0, 1, 1, 0, 0), height: 2, width: 4 };
  expect([...resizeMask(mask, 1, 2).data]).toEqual([0.75, 0]);
});

describe("a mask remapped to another rectangle", () => {
  const stretch = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 400 }));
  const rectangle = fc
    .tuple(stretch, stretch)
    .map(([[left, width], [top, height]]) => ({ left, top, width, height }));

  test("property: a mask of ones gives the share of each cell it covers, to one sample; 1 inside, 0 outside", () => {
    fc.assert(
      fc.property(rectangle, rectangle, side, side, side, side, (over, onto, h, w, rows, columns) => {
        const ones = { data: new Float32Array(h * w).fill(1), height: h, width: w };
        const { data } = remapMask(ones, over, onto, { rows, columns });
        expect(data).toHaveLength(rows * columns);
        const share = (
          start: number,
          length: number,
          index: number,
          count: number,
          from: number,
          to: number,
        ) => {
          const [low, high] = [start + (index * length) / count, start + ((index + 1) * length) / count];
          return Math.max(0, Math.min(high, to) - Math.max(low, from)) / (high - low);
        };
        data.forEach((value, i) => {
          const { left, top, width, height } = over;
          const across = share(onto.left, onto.width, i % columns, columns, left, left + width);
          const down = share(onto.top, onto.height, Math.floor(i / columns), rows, top, top + height);
          expect(Math.abs(value - across * down)).toBeLessThanOrEqual(0.5);
          if (across > 1 - 1e-9 && down > 1 - 1e-9) expect(value).toBe(1);
          if (across * down === 0) expect(value).toBeCloseTo(0, 6);
        });
      }),
    );
  });

  test("is one half in a half-covered cell", () => {
    const ones = { data: new Float32Array(4).fill(1), height: 2, width: 2 };
    const [over, onto] = [
      { left: 10, top: 0, width: 20, height: 8 },
      { left: 0, top: 0, width: 40, height: 16 },
    ];
    expect([...remapMask(ones, over, onto, { rows: 1, columns: 4 }).data]).toEqual([0, 0.5, 0.5, 0]);
  });

  test("keeps a ramp, however the window cuts it", () => {
    const ramp = { data: Float32Array.from({ length: 64 }, (_, x) => x / 64), height: 1, width: 64 };
    const over = { left: 100, top: 0, width: 640, height: 10 };
    const onto = { left: 203, top: 2, width: 330, height: 5 };
    const { data } = remapMask(ramp, over, onto, { rows: 1, columns: 11 });
    data.forEach((value, cell) => {
      const centre = 203 + 30 * (cell + 0.5);
      expect(value).toBeCloseTo(((centre - 100) / 10 - 0.5) / 64, 4);
    });
  });

  test("is the mean of the photo's own pixels", () => {
    const data = Float32Array.from({ length: 32 * 32 }, (_, i) => ((i * 7919) % 97) / 97);
    const over = { left: 0, top: 0, width: 32, height: 32 };
    const onto = { left: 8, top: 16, width: 16, height: 8 };
    const found = remapMask({ data, height: 32, width: 32 }, over, onto, { rows: 1, columns: 2 });
    [8, 16].forEach((left, cell) => {
      let sum = 0;
      for (let y = 16; y < 24; y++) for (let x = left; x < left + 8; x++) sum += data[y * 32 + x] as number;
      expect(found.data[cell]).toBeCloseTo(sum / 64, 1);
    });
  });
});

test("each cell takes the largest value of a drawn mask that touches it, in a turned part too", () => {
  const [width, height] = [100, 80];
  const mask = (x: number, y: number, value: number) => {
    const data = new Float32Array(width * height);
    data[y * width + x] = value;
    return { width, height, data };
  };
  const part = { left: 10, top: 10, width: 40, height: 40 };
  const grid = { rows: 4, columns: 4 };
  expect([...touchedCells(mask(22, 35, 0.75), part, grid).data].indexOf(0.75)).toBe(2 * 4 + 1);
  // a quarter turn clockwise: down in the part is left in the photo
  const turned = touchedCells(mask(22, 35, 1), { ...part, roll: Math.PI / 2 }, grid);
  expect([...turned.data].indexOf(1)).toBe(2 * 4 + 2);
  expect(Math.max(...touchedCells(mask(5, 5, 1), part, grid).data)).toBe(0);
});
