import fc from "fast-check";
import { expect, test } from "vitest";
import { ID_PREFIXES, isId, newId } from "./ids.ts";

test.each(ID_PREFIXES)("a new %s id is one of its type, and of no other", (prefix) => {
  const id = newId(prefix);
  expect(isId(prefix, id)).toBe(true);
  for (const other of ID_PREFIXES) expect(isId(other, id)).toBe(other === prefix);
});

test("ids are unique", () => {
  expect(new Set(Array.from({ length: 1_000 }, () => newId("edit"))).size).toBe(1_000);
});

test("other text is not an id", () => {
  fc.assert(fc.property(fc.string(), (text) => !isId("img", text)));
  const id = newId("img");
  for (const text of [
    id.toUpperCase(),
    `${id}0`,
    id.slice(0, -1),
    `${id.slice(0, -1)}u`,
    ` ${id}`,
    `${id}\n`,
  ])
    expect(isId("img", text)).toBe(false);
});
