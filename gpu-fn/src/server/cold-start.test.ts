import { expect, test } from "vitest";
import { ColdStart } from "./cold-start.ts";

test("each phase has its time, the current one up to now", () => {
  const start = new ColdStart(100);
  expect([start.status, start.phases(150)]).toEqual(["starting", [{ phase: "starting", ms: 50 }]]);
  start.enter("loading", 160);
  start.enter("warming", 1_160);
  expect(start.phases(1_200)).toEqual([
    { phase: "starting", ms: 60 },
    { phase: "loading", ms: 1_000 },
    { phase: "warming", ms: 40 },
  ]);
  start.enter("ready", 1_300);
  expect(start.status).toBe("ready");
  expect(start.phases(9_999).map(({ ms }) => ms)).toEqual([60, 1_000, 140]);
});

test("a start that fails reports how far it got", () => {
  const start = new ColdStart(0);
  start.enter("loading", 5);
  start.enter("failed", 25);
  expect([start.status, start.phases(99)]).toEqual([
    "failed",
    [
      { phase: "starting", ms: 5 },
      { phase: "loading", ms: 20 },
    ],
  ]);
});
