import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Judged } from "../edits/judge-edits.ts";
import { openStore } from "./store.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flux-sculptor-front-"));
});
afterAll(() => rm(folder, { recursive: true }));

const judged = { attribute: "beard", prompt: "a man with a beard" } as Judged;
const measured = (subject: string) => ({ entry: "paper", subject, judged });

test("continues from what was saved, and drops another model's verdicts", async () => {
  const file = join(folder, "kept.json");
  const first = await openStore(file, "mini 1");
  first.add(measured("beard 1"));
  await first.save();
  first.add(measured("beard 2"));

  const again = await openStore(file, "mini 1");
  expect([
    again.has("paper", "beard 1"),
    again.has("paper", "beard 2"),
    again.has("fast", "beard 1"),
  ]).toEqual([true, false, false]);
  expect(again.of("paper")).toEqual([measured("beard 1")]);
  expect((await openStore(file, "mini 2")).has("paper", "beard 1")).toBe(false);
});

test("without a file nothing is kept", async () => {
  const store = await openStore(undefined, "mini 1");
  store.add(measured("beard 1"));
  await store.save();
  expect((await openStore(undefined, "mini 1")).of("paper")).toEqual([]);
});
