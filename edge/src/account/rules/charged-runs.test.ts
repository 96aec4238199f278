import { expect, test } from "vitest";
import { accepted, capturedOf, claim, fail, type Job } from "./lifecycle.ts";

const NOW = 1_000_000;
const queued = accepted(NOW, 60_000, NOW + 1e9);
const running = claim(queued, NOW) as Job;
const run = (evaluations: number, preview: string | null = null) => ({ evaluations, planned: 120, preview });
const canceled = { status: "canceled", error: null } as const;
const late = { status: "failed", error: { code: "deadline_exceeded", detail: "late" } } as const;

test("a run cancelled at step 48 of 60 pays for what was evaluated, rounded up; a cancel before the run is free", () => {
  expect(capturedOf(running, canceled, 10, run(96))).toBe(8);
  expect(capturedOf(running, canceled, 10, run(97))).toBe(9);
  expect(capturedOf(running, canceled, 10, run(1_000))).toBe(10);
  expect(capturedOf(running, canceled, 10, null)).toBe(0);
  expect(capturedOf(queued, canceled, 10, run(96))).toBe(0);
});

test("a run ended by its deadline is charged once a preview was shown, and is free before", () => {
  expect(capturedOf(running, late, 10, run(96, "preview-4"))).toBe(8);
  expect(capturedOf(running, late, 10, run(96))).toBe(0);
});

test("success costs the price; faults and refusals are free, no matter how far the run was", () => {
  expect(capturedOf(running, { status: "succeeded", error: null }, 10, run(3))).toBe(10);
  const error = { code: "moderated", detail: "no", retryable: false } as const;
  const failed = fail(running, running.attempt, error, NOW)?.job;
  expect(failed && capturedOf(running, failed, 10, run(96, "preview-4"))).toBe(0);
});
