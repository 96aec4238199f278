import fc from "fast-check";
import { expect, test } from "vitest";
import { beside, rowsOf } from "./results.ts";

test("is valid JSON with the same content", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const same = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(rowsOf(value))).toEqual(same);
    }),
  );
});

test("a row of plain values is a line, whatever its strings hold", () => {
  const summary = {
    model: { id: "mini" },
    rows: [{ n: 1, note: "two\nlines" }, { n: Number.NaN }],
    left: undefined,
  };
  expect(rowsOf(summary).split("\n")).toEqual([
    "{",
    '  "model": { "id": "mini" },',
    '  "rows": [',
    '    { "n": 1, "note": "two\\nlines" },',
    '    { "n": null }',
    "  ]",
    "}",
  ]);
});

test("a picture lies beside its summary, with or without .json", () => {
  expect([beside("a/edits.json", ".svg"), beside("edits", ".jpg")]).toEqual(["a/edits.svg", "edits.jpg"]);
});
