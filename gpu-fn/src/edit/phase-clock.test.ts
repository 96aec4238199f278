import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Progress } from "../../../shared/progress.ts";
import { PhaseClock } from "./phase-clock.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a resumed phase adds its time and is not reported twice; the planned evaluations may decrease", () => {
  const told: Pick<Progress, "phase" | "planned">[] = [];
  const clock = new PhaseClock(8, ({ phase, planned }) => told.push({ phase, planned }));
  clock.enter("encode");
  vi.advanceTimersByTime(5);
  clock.enter("locate");
  vi.advanceTimersByTime(7);
  clock.plan(4);
  clock.resume("encode");
  vi.advanceTimersByTime(11);
  clock.enter("edit", 2);
  expect(told).toEqual([
    { phase: "encode", planned: 8 },
    { phase: "locate", planned: 8 },
    { phase: "edit", planned: 4 },
  ]);
  expect(clock.finish()).toEqual({ encode: 16, locate: 7, inversion: 0, edit: 0, decode: 0 });
});
