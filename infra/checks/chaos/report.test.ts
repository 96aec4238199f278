import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { held, missingFrom, pageOf, type Report, renewed, summaryOf } from "./report.ts";
import { STORIES } from "./stories/all.ts";
import type { Story } from "./story.ts";

const ROOT = join(import.meta.dirname, "../../..");
const KEPT = join(import.meta.dirname, "results/report.json");

const outcome = {
  story: "a part dies",
  part: "GPU function",
  fault: "SIGKILL",
  stage: "editing",
  injected: 1,
  observed: "succeeded, attempt 2",
  breaches: [],
  seconds: 12,
};

const report: Report = {
  command: "npm run test:chaos",
  seed: 7,
  date: "2026-11-25",
  machine: "2 cores, no GPU",
  minutes: 9.5,
  disk: null,
  histories: { runs: 10_000, held: true },
  outcomes: [outcome],
};

test("the page says what the last whole run found, and nothing else", () => {
  expect(existsSync(KEPT)).toBe(true);
  const kept: Report = JSON.parse(readFileSync(KEPT, "utf8"));
  expect(readFileSync(join(ROOT, "edge/docs/faults.md"), "utf8")).toBe(pageOf(kept));
  expect(held(kept)).toBe(true);
  const told = new Set(kept.outcomes.map(({ story }) => story));
  expect(STORIES.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([]);
});

test("a broken invariant is told of with what breaks it, and fails the run", () => {
  const broken: Report = {
    ...report,
    outcomes: [outcome, { ...outcome, breaches: ["3 credits are still held"] }],
  };
  expect(held(report)).toBe(true);
  expect(held(broken)).toBe(false);
  expect(held({ ...report, histories: { runs: 1, held: false } })).toBe(false);
  expect(summaryOf(broken)).toContain("1 stories broke an invariant");
  expect(pageOf(broken)).toContain("**broken**: 3 credits are still held");
  expect(pageOf(report)).toContain("Full disks were left out");
});

test("a report is renewed by what was told again", () => {
  const bad = { ...outcome, story: "b", breaches: ["lost"] };
  const before: Report = { ...report, outcomes: [outcome, bad] };
  const stories = ["a part dies", "b", "c"].map((name) => ({ name }) as Story);
  expect(missingFrom(before, stories).map(({ name }) => name)).toEqual(["b", "c"]);
  const after = renewed(
    { ...before, disk: "a tmpfs" },
    { ...report, histories: null, outcomes: [{ ...bad, breaches: [] }] },
  );
  expect(held(after)).toBe(true);
  expect(after).toMatchObject({ minutes: 19, disk: "a tmpfs", histories: report.histories });
  expect(after.outcomes.map(({ story }) => story)).toEqual(["a part dies", "b"]);
});

test("stories have names of their own, which the command line can tell apart", () => {
  const names = STORIES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(190);
});
