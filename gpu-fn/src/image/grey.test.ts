import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeGrey } from "./decode.ts";
import { encodeGrey } from "./encode.ts";
import { clippedTo, coverageOf, fromGrey, toGrey, unionOf } from "./grey.ts";
import type { Part } from "./picture.ts";

test("every level survives encoding to a file bit for bit, and conversion to a mask and back", async () => {
  const grey = { width: 32, height: 8, data: Uint8Array.from({ length: 256 }, (_, i) => i) };
  const read = await decodeGrey(await encodeGrey(grey.data, grey.width, grey.height));
  expect([read.width, read.height, [...read.data]]).toEqual([32, 8, [...grey.data]]);
  expect(toGrey(fromGrey(grey))).toEqual(grey);
  await expect(decodeGrey(Buffer.from("no picture"))).rejects.toMatchObject({ code: "mask_invalid" });
});

test("a union takes the larger of two values, and covers at least as much as each", () => {
  const cells = fc.uint8Array({ minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(cells, cells, (a, b) => {
      const [first, second] = [a, b].map((data) => ({ width: 3, height: 2, data })) as [never, never];
      const union = unionOf(first, second);
      expect([...union.data]).toEqual([...a].map((value, i) => Math.max(value, b[i] ?? 0)));
      expect(coverageOf(union)).toBeGreaterThanOrEqual(Math.max(coverageOf(first), coverageOf(second)));
    }),
  );
});

test("a mask clipped to a part, turned or not, is 0 outside the part", () => {
  const [width, height] = [20, 16];
  const full = { width, height, data: new Uint8Array(width * height).fill(200) };
  const at = (part: Part, x: number, y: number) => clippedTo(full, part).data[y * width + x];
  const part = { left: 4, top: -3, width: 10, height: 10 };
  expect([at(part, 3, 3), at(part, 4, 0), at(part, 13, 6), at(part, 14, 6), at(part, 8, 7)]).toEqual([
    0, 200, 200, 0, 0,
  ]);
  // an eighth of a turn: the corners are cut off, and the middles of the sides stick out
  const turned = { left: 4, top: 3, width: 10, height: 10, roll: Math.PI / 4 };
  expect([at(turned, 4, 3), at(turned, 9, 8), at(turned, 3, 8), at(turned, 9, 2)]).toEqual([
    0, 200, 200, 200,
  ]);
  const level = clippedTo(full, { ...part, roll: 1e-12 });
  expect(clippedTo(full, part).data).toEqual(level.data);
});
