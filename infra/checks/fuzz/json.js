import fc from "fast-check";
/** Values that code written for flat JSON trips over: deep, wide, with the names of objects' own parts. */
export const nested = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom([], {}, { length: 1e9 }, { __proto__: null }, JSON.parse('{"__proto__":{"a":1}}')), fc.constantFrom(-0, 1e308, 2 ** 53, -1, 0.1, "", "\u0000", "\ud800", "x".repeat(10000)), fc.array(fc.constant(0), { minLength: 500, maxLength: 2000 }));
/** A name that a field may have, and that no contract has. */
export const strangeName = fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "", "image ", "Image", "\u0000");
/** Texts around what a prompt may be. */
export const promptLike = fc.oneof(fc.constantFrom("a woman wearing glasses", "without bangs, wearing red lipstick and with thick eyebrows"), fc.string({ unit: "binary", maxLength: 40 }), fc.string({ unit: "grapheme", maxLength: 600 }), fc.constantFrom("\ufdfa".repeat(100), "a\u202eb", "ﬁ".repeat(400), ` and ${"hair, ".repeat(80)}`, "a\n", "  "));
