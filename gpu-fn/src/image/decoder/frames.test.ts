import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameError, FrameReader, frameOf } from "./frames.ts";

const messages = fc.array(
  fc.record({
    head: fc.record({ kind: fc.string({ maxLength: 40 }), size: fc.nat() }),
    parts: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 5 },
);

test("messages arrive whole, wherever the pipe splits them", () => {
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1 }), (sent, cuts) => {
      const heard: unknown[] = [];
      const reader = new FrameReader(300, (head, parts) => heard.push({ head, parts }));
      const bytes = Buffer.concat(sent.flatMap(({ head, parts }) => frameOf(head, parts)));
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const length = cuts[i % cuts.length] ?? 1;
        reader.push(bytes.subarray(at, at + length));
        at += length;
      }
      expect(heard).toEqual(
        sent.map(({ head, parts }) => ({ head, parts: parts.map((part) => Uint8Array.from(part)) })),
      );
    }),
  );
});

test("each part has its own memory, so transferring one takes nothing else along", () => {
  let parts: Uint8Array[] = [];
  const reader = new FrameReader(10, (_, came) => {
    parts = came;
  });
  for (const piece of frameOf({}, [Uint8Array.of(1, 2), Uint8Array.of(3)])) reader.push(piece);
  expect(parts.map(({ buffer }) => buffer.byteLength)).toEqual([2, 1]);
});

test.each([
  ["a head without an end", Buffer.from([255, 255, 255, 255, 0, 0, 0, 0])],
  ["no head", Buffer.alloc(8)],
  ["thousands of parts", Buffer.from([1, 0, 0, 0, 255, 255, 0, 0])],
  ["a part too long", Buffer.concat(frameOf({}, [new Uint8Array(301)]))],
  ["a head that is no JSON", Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 123])],
])("%s is refused before memory is allocated for it", (_, bytes) => {
  const reader = new FrameReader(300, () => expect.unreachable());
  expect(() => reader.push(bytes)).toThrow(FrameError);
});
