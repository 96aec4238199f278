import { expect, test } from "vitest";
import type { CachedMask } from "../contract/images.ts";
import { LocatingMasks } from "./locating.ts";

const MASK = { key: "k", sha256: "0", width: 1, height: 1, coverage: 0.5, regions: [] } as CachedMask;

test("one caller starts, concurrent callers get its mask, and the next call starts again", async () => {
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

test("if it fails or takes too long, the waiting callers proceed on their own", async () => {
  const locating = new LocatingMasks();
  await locating.begin("a", 1_000);
  expect(await locating.begin("a", 5)).toEqual({ state: "over" });
  const waiting = locating.begin("a", 1_000);
  locating.end("a", null);
  expect(await waiting).toEqual({ state: "over" });
});

test("a caller whose worker died is not waited for forever", async () => {
  const locating = new LocatingMasks();
  await locating.begin("a", 1_000, 0);
  expect(await locating.begin("a", 5, 89_999)).toEqual({ state: "over" });
  expect(await locating.begin("a", 5, 90_000)).toEqual({ state: "begin" });
});
