import { expect, test } from "vitest";
import type { Progress } from "../../../shared/progress.ts";
import { Pace } from "./pace.ts";

const at = (phase: Progress["phase"], evaluations: number): Progress => ({
  phase,
  step: evaluations / 2,
  steps: 5,
  evaluations,
  planned: 20,
});

test("the time left is the evaluations left times the time per evaluation so far, and counts down", () => {
  const pace = new Pace();
  expect(pace.note(at("encode", 0), 0)).toBeNull();
  expect(pace.left(null, 50)).toBeNull();
  expect(pace.left(10, 50)).toBe(150);
  expect(pace.note(at("inversion", 0), 100)).toBeNull();
  expect(pace.note(at("inversion", 2), 300)).toBe(18 * 100);
  expect(pace.left(null, 800)).toBe(1_300);
  expect(pace.left(null, 9_000)).toBe(0);
  expect(pace.note(at("edit", 10), 700)).toBe(10 * 60);
});

test("the wait between the last evaluation and the picture does not slow the pace", () => {
  const pace = new Pace();
  pace.note(at("inversion", 0), 0);
  pace.note(at("edit", 20), 200);
  expect(pace.note(at("decode", 20), 900)).toBe(0);
  expect(pace.perEvaluation).toBe(10);
});
