import fc from "fast-check";
import { expect, test } from "vitest";
import { LineTooLongError, splitLines } from "./ndjson.ts";

async function lines(chunks: readonly Uint8Array[], max?: number): Promise<string[]> {
  const bytes = new ReadableStream<Uint8Array>({
    start(stream) {
      for (const chunk of chunks) stream.enqueue(chunk);
      stream.close();
    },
  });
  const found: string[] = [];
  for await (const line of bytes.pipeThrough(splitLines(max))) found.push(line);
  return found;
}

const encode = (text: string) => new TextEncoder().encode(text);

test("lines arrive whole wherever the bytes are split", async () => {
  const line = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((text) => !/[\r\n]/.test(text) && text.trim() !== "");
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(40)), async (texts, cuts) => {
      const bytes = encode(texts.join("\n"));
      const ends = [...new Set(cuts.filter((cut) => cut < bytes.length))].sort((a, b) => a - b);
      const chunks = [0, ...ends].map((start, i) => bytes.subarray(start, ends[i] ?? bytes.length));
      expect(await lines(chunks)).toEqual(texts);
    }),
    { numRuns: 100 },
  );
});

test("empty lines are left out", async () => {
  expect(await lines([encode("a\n\n"), encode("\nb\n")])).toEqual(["a", "b"]);
});

test.each([
  ["at once", ["123456"]],
  ["by and by", ["123", "456"]],
  ["among others", ["1\n123456\n2"]],
])("a line that is too long ends the stream: %s", async (_, parts) => {
  await expect(lines(parts.map(encode), 5)).rejects.toThrow(LineTooLongError);
});

test("bytes that are not UTF-8 end the stream", async () => {
  await expect(lines([Uint8Array.of(0xff, 0x0a)])).rejects.toThrow(TypeError);
});
