import { expect, test } from "vitest";
import { announcedLength } from "../middleware/body-length.ts";
import { Refusal } from "../problem.ts";
import { readBody } from "./read-body.ts";

const stream = (...chunks: number[][]) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Uint8Array.from(chunk));
      controller.close();
    },
  });

const codeOf = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return error instanceof Refusal ? error.code : error;
  }
};

test("a body is assembled from its chunks", async () => {
  expect([...(await readBody(stream([1, 2], [3]), 3))]).toEqual([1, 2, 3]);
  expect((await readBody(null, 0)).byteLength).toBe(0);
});

test("a body shorter or longer than announced is refused", async () => {
  await expect(readBody(stream([1, 2]), 3)).rejects.toThrow(Refusal);
  await expect(readBody(stream([1, 2], [3, 4]), 3)).rejects.toThrow(Refusal);
  await expect(readBody(null, 1)).rejects.toThrow(Refusal);
});

test("the announced length must be a number up to the limit", () => {
  expect(announcedLength("100", 100)).toBe(100);
  expect(codeOf(() => announcedLength(undefined, 100))).toBe("length_required");
  expect(codeOf(() => announcedLength("101", 100))).toBe("payload_too_large");
  for (const text of ["", "1e1", "-1", "0x10", "9".repeat(16)])
    expect(codeOf(() => announcedLength(text, 100))).toBe("invalid_request");
});
