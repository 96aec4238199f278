import { truncateSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WeightsError } from "../errors.ts";
import { writeRaw, writeTensors } from "./safetensors.fixture.ts";
import { openWeights } from "./safetensors.ts";

const four = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
const entry = (fields: object = {}) =>
  JSON.stringify({ a: { dtype: "F32", shape: [4], data_offsets: [0, 16], ...fields } });

test("finds tensors and reads their bytes", () => {
  const path = writeTensors({
    a: { dtype: "F32", shape: [2, 2], bytes: four },
    b: { dtype: "I32", shape: [1], bytes: new Uint8Array(Int32Array.of(7).buffer) },
  });
  const weights = openWeights(path);
  expect([...weights.names()]).toEqual(["a", "b"]);
  expect(weights.read("a")).toEqual({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
  expect(weights.read("b").data).toEqual(Int32Array.of(7));
});

test("shards form one set of tensors", () => {
  const shard = (name: string) => writeTensors({ [name]: { dtype: "F32", shape: [4], bytes: four } });
  const weights = openWeights(shard("a"), shard("b"));
  expect(weights.has("a") && weights.has("b")).toBe(true);
  expect(weights.location(weights.get("a"))).not.toContain("..");
  expect(() => openWeights(shard("a"), shard("a"))).toThrow(/in two files/);
});

test("a missing tensor and a wrong shape are named in one line", () => {
  const weights = openWeights(writeTensors({ a: { dtype: "F32", shape: [4], bytes: four } }));
  expect(() => weights.get("nose")).toThrow(/tensor "nose" is missing/);
  expect(() => weights.expect("a", [2, 2])).toThrow(
    'weights.safetensors: tensor "a" has shape [4], expected [2,2]',
  );
});

describe("refuses", () => {
  const hostile: Record<string, () => string> = {
    "no such file": () => "/nonexistent/weights.safetensors",
    "a folder": () => "/",
    "an empty file": () => {
      const path = writeRaw("{}");
      truncateSync(path, 0);
      return path;
    },
    "a header longer than the file": () => writeRaw("{}", four, 1000n),
    "a header of 2^63 bytes": () => writeRaw("{}", four, 1n << 63n),
    "a header that is not JSON": () => writeRaw("{nope"),
    "a header that is not UTF-8": () => writeRaw(Uint8Array.of(0x22, 0xff, 0x22)),
    "a header that is a list": () => writeRaw("[]"),
    "a tensor listed twice": () => writeRaw(`{"a":1,${entry().slice(1)}`, four),
    "a tensor that is null": () => writeRaw('{"a":null}'),
    "an unknown type": () => writeRaw(entry({ dtype: "F33" }), four),
    "a type from the prototype": () => writeRaw(entry({ dtype: "toString" }), four),
    "a shape with NaN": () => writeRaw(entry({ shape: [null] }), four),
    "a negative shape": () => writeRaw(entry({ shape: [-4] }), four),
    "a fractional shape": () => writeRaw(entry({ shape: [4.5] }), four),
    "an infinite shape": () => writeRaw(entry().replace("[4]", "[1e999]"), four),
    "a shape that needs other bytes": () => writeRaw(entry({ shape: [5] }), four),
    "a shape whose product overflows": () => writeRaw(entry({ shape: [2 ** 52, 2 ** 52] }), four),
    "offsets beyond the data": () => writeRaw(entry({ data_offsets: [16, 32] }), four),
    "offsets in reverse": () => writeRaw(entry({ data_offsets: [16, 0] }), four),
    "three offsets": () => writeRaw(entry({ data_offsets: [0, 8, 16] }), four),
    "truncated data": () => writeRaw(entry(), four.subarray(0, 12)),
    "overlapping tensors": () =>
      writeRaw(
        '{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}',
        four,
      ),
  };
  test.each(Object.keys(hostile))("%s", (name) => {
    const open = () => openWeights(hostile[name]?.() ?? "");
    expect(open).toThrow(WeightsError);
    expect(open).toThrow(/^[^\n\r]+$/);
  });
});

test("property: any bytes either open or are refused with a WeightsError", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((json) => new TextEncoder().encode(json)),
  );
  fc.assert(
    fc.property(bytes, (header) => {
      try {
        openWeights(writeRaw(header, four));
      } catch (error) {
        expect(error).toBeInstanceOf(WeightsError);
      }
    }),
    { numRuns: 150 },
  );
});
