import { expect, test } from "vitest";
import type { CachedMask } from "../contract/images.ts";
import { LocatingMasks } from "./locating.ts";

const MASK = { key: "k", sha256: "0", width: 1, height: 1, coverage: 0.5, regions: [] } as CachedMask;

test("one begins, those who come meanwhile get its mask, and the next begins anew", async () => {
  const locating = new LocatingMasks();
  expect(await locating.begin("a", 1_000)).toEqual({ state: "begin" });
  expect(await locating.begin("b", 1_000)).toEqual({ state: "begin" });
  const waiting = [locating.begin("a", 1_000), locating.begin("a", 1_000)];
  locating.end("a", MASK);
  expect(await Promise.all(waiting)).toEqual([
    { state: "found", mask: MASK },
    { state: "found", mask: MASK },
  ]);
  expect(await locating.begin("a", 1_000)).toEqual({ state: "begin" });
});

test("where it fails or takes too long, those who waited go on alone", async () => {
  const locating = new LocatingMasks();
  await locating.begin("a", 1_000);
  expect(await locating.begin("a", 5)).toEqual({ state: "over" });
  const waiting = locating.begin("a", 1_000);
  locating.end("a", null);
  expect(await waiting).toEqual({ state: "over" });
});

test("one whose worker died is not waited for for ever", async () => {
  const locating = new LocatingMasks();
  await locating.begin("a", 1_000, 0);
  expect(await locating.begin("a", 5, 89_999)).toEqual({ state: "over" });
  expect(await locating.begin("a", 5, 90_000)).toEqual({ state: "begin" });
});
