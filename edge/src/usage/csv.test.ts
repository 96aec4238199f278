import { expect, test } from "vitest";
import { csvOf } from "./csv.ts";

test("fields that hold separators, quotes or line breaks are quoted", () => {
  const rows = [
    { name: 'a "b", c', note: "two\r\nlines" },
    { name: "plain", note: "" },
  ];
  expect(csvOf(["name", "note"], rows)).toBe('name,note\r\n"a ""b"", c","two\r\nlines"\r\nplain,\r\n');
});
