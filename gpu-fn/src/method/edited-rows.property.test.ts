import fc from "fast-check";
import { expect, test } from "vitest";
import { editedRows } from "./edited-rows.ts";

const masks = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([rows, columns]) =>
    fc.record({
      grid: fc.constant({ rows, columns }),
      mask: fc
        .array(
          fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.float({ min: 0, max: 1, noNaN: true })),
          {
            minLength: rows * columns,
            maxLength: rows * columns,
          },
        )
        .map((values) => Float32Array.from(values)),
    }),
  );

test("contains the mask's tokens and their neighbours, and the nearest others up to a multiple of 32 or all", () => {
  fc.assert(
    fc.property(masks, ({ mask, grid }) => {
      const rows = editedRows(mask, grid);
      const inside = [...mask.keys()].filter((token) => (mask[token] as number) >= 0.02);
      const distance = (token: number) =>
        Math.min(
          ...inside.map((other) =>
            Math.max(
              Math.abs(Math.floor(token / grid.columns) - Math.floor(other / grid.columns)),
              Math.abs((token % grid.columns) - (other % grid.columns)),
            ),
          ),
        );
      const needed = [...mask.keys()].filter((token) => distance(token) <= 1);
      expect(rows.length).toBe(Math.min(mask.length, 32 * Math.ceil(needed.length / 32)));
      expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b));
      if (inside.length === 0) return;
      for (const token of needed) expect(rows).toContain(token);
      const furthest = Math.max(...[...rows].map(distance));
      for (const token of mask.keys())
        if (!rows.includes(token)) expect(distance(token)).toBeGreaterThanOrEqual(furthest);
    }),
  );
});

test("is empty if the mask is faint everywhere", () => {
  expect(editedRows(new Float32Array(256).fill(0.019), { rows: 16, columns: 16 })).toHaveLength(0);
});
