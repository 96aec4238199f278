import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { WeightsError } from "../../../../gpu-fn/src/errors.ts";
import { readHeader } from "../../../../gpu-fn/src/safetensors/header.ts";
import { changes } from "../bytes.ts";
import { nested } from "../json.ts";
import { sample } from "../sample.ts";
import { answerOf, must } from "../target.ts";
const count = fc.constantFrom(0, 1, 2, 4, 8, -1, 0.5, 2 ** 31, 2 ** 53, 1e308, null, "4");
const entry = fc.oneof(fc.record({
    dtype: fc.oneof(fc.constantFrom("F32", "BF16", "U8", "F99", "__proto__", null), nested),
    shape: fc.oneof(fc.array(count, { maxLength: 5 }), nested),
    data_offsets: fc.oneof(fc.tuple(count, count), fc.array(count, { maxLength: 3 }), nested),
}, { requiredKeys: [] }), fc.constantFrom({ dtype: "F32", shape: [2], data_offsets: [0, 8] }, { dtype: "U8", shape: [8], data_offsets: [8, 16] }, { dtype: "U8", shape: [0], data_offsets: [16, 16] }), fc.jsonValue());
const name = fc.oneof(fc.constantFrom("a", "b", "__metadata__", "__proto__", "toString", "\u0000\n"), fc.string({ unit: "grapheme", maxLength: 2000 }));
const SOUND = {
    a: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
    b: { dtype: "U8", shape: [8], data_offsets: [8, 16] },
};
const header = fc.oneof(fc.constant(JSON.stringify(SOUND)), fc.tuple(name, entry).map(([other, value]) => JSON.stringify({ ...SOUND, [other]: value })), fc.dictionary(name, entry, { maxKeys: 4 }).map((value) => JSON.stringify(value)), fc
    .array(fc.tuple(name, entry), { maxLength: 3 })
    .map((list) => `{${list.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value) ?? "1"}`)}}`), fc.json(), 
// two hundred thousand letters of one name, one type or one list
fc
    .tuple(fc.constantFrom("é", "\\", '"', "[", "0,", "\\u0000"), fc.constantFrom(1e3, 2e5))
    .map(([letter, times]) => `{"a":{"dtype":"U8","shape":[${letter.repeat(times)}0],"data_offsets":[0,8]}}`), fc.constantFrom("\\n", "é", "[").map((letter) => `{"${letter.repeat(2e5)}":{"dtype":"U8"}}`), fc.constantFrom("[", '{"a":').map((open) => {
    const close = open === "[" ? "]" : "}";
    return `{"a":{"dtype":${open.repeat(1e5)}1${close.repeat(1e5)}}}`;
}));
const file = fc
    .tuple(header, fc.constantFrom(0, 8, 16, 64), fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { freq: 8 }))
    .map(([text, data, claim]) => {
    const json = new TextEncoder().encode(text);
    const length = new DataView(new ArrayBuffer(8));
    length.setBigUint64(0, claim ?? BigInt(json.length), true);
    return new Uint8Array(Buffer.concat([new Uint8Array(length.buffer), json, new Uint8Array(data)]));
});
const files = fc.oneof({ arbitrary: file, weight: 3 }, { arbitrary: fc.tuple(file, changes).map(([bytes, change]) => change(bytes)), weight: 2 });
const folder = mkdtempSync(join(tmpdir(), "fuzz-weights-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
/** Headers of weight files. */
export const weightsTarget = {
    name: "weights",
    limitMs: 500,
    make: async (seed) => sample(files, seed),
    feed: (bytes) => answerOf(() => {
        const path = join(folder, "weights.safetensors");
        writeFileSync(path, bytes);
        for (const { offset, length, shape } of readHeader(path).values()) {
            must(offset >= 8 && offset + length <= bytes.length, "a tensor lies in its file");
            must(shape.every((side) => Number.isSafeInteger(side) && side >= 0), "sides are counts");
        }
    }, (error) => error instanceof WeightsError && !error.message.includes("\n") && error.message.length < 1000),
};
