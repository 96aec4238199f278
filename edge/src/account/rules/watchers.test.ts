import { expect, test } from "vitest";
import { newId } from "../../../../shared/ids.ts";
import { Watchers } from "./watchers.ts";

const watchers = () => new Watchers(() => null);

test("100 streams of one token leave the account's keys and other tokens theirs", () => {
  const all = watchers();
  const edits = Array.from({ length: 10 }, () => newId("edit"));
  for (let i = 0; i < 100; i++) void all.watch(edits[i % 10] ?? newId("edit"), "token:a", 0, 5);
  const edit = newId("edit");
  expect(all.full(edit, "token:a")).toBe(true);
  expect(all.full(edit, "token:b")).toBe(false);
  expect(all.full(edit, newId("key"))).toBe(false);
});

test("one edit has at most twenty streams per credential, and other edits have their own", () => {
  const all = watchers();
  const [edit, other] = [newId("edit"), newId("edit")];
  for (let i = 0; i < 20; i++) void all.watch(edit, "key_1", 0, 5);
  expect([all.full(edit, "key_1"), all.full(other, "key_1"), all.full(edit, "key_2")]).toEqual([
    true,
    false,
    false,
  ]);
});

test("a thousand streams of tokens together leave keys their own", () => {
  const all = watchers();
  for (let i = 0; i < 1_000; i++) void all.watch(newId("edit"), `token:${i}`, 0, 5);
  expect(all.full(newId("edit"), "token:new")).toBe(true);
  expect(all.full(newId("edit"), newId("key"))).toBe(false);
});
