import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeGrey } from "./decode.ts";
import { encodeGrey } from "./encode.ts";
import { coverageOf, fromGrey, toGrey, unionOf } from "./grey.ts";

test("every level survives the file bit for bit, and the way to a mask and back", async () => {
  const grey = { width: 32, height: 8, data: Uint8Array.from({ length: 256 }, (_, i) => i) };
  const read = await decodeGrey(await encodeGrey(grey.data, grey.width, grey.height));
  expect([read.width, read.height, [...read.data]]).toEqual([32, 8, [...grey.data]]);
  expect(toGrey(fromGrey(grey))).toEqual(grey);
  await expect(decodeGrey(Buffer.from("no picture"))).rejects.toMatchObject({ code: "mask_invalid" });
});

test("a union is the larger of two, and covers at least as much as each", () => {
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
