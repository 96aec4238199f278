import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { held, missingFrom, pageOf, type Report, renewed, summaryOf } from "./faults-page.ts";
import { STORIES } from "./stories/all.ts";
import type { Story } from "./story.ts";

const ROOT = join(import.meta.dirname, "../../..");

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

test("the page in edge/docs reports a run of all stories, and none broke an invariant", () => {
  const page = readFileSync(join(ROOT, "edge/docs/faults.md"), "utf8");
  const [, stories, , broken] = /^\| all \| +\| (\d+) \| (\d+) \| (\d+) \|$/m.exec(page) ?? [];
  expect(Number(stories)).toBeGreaterThanOrEqual(STORIES.length);
  expect(broken).toBe("0");
});

test("a broken invariant is on the page with its story, and fails the run", () => {
  const broken: Report = {
    ...report,
    outcomes: [outcome, { ...outcome, breaches: ["3 credits are still held"] }],
  };
  expect(held(report)).toBe(true);
  expect(held(broken)).toBe(false);
  expect(held({ ...report, histories: { runs: 1, held: false } })).toBe(false);
  expect(summaryOf(broken)).toContain("1 stories broke an invariant");
  expect(pageOf(broken)).toContain("- **broken**: a part dies: 3 credits are still held");
  expect(pageOf(broken)).toContain("| all |  | 2 | 2 | 1 |");
  expect(pageOf(report)).toContain("Full disks were left out");
});

test("a later run replaces the results of the stories that it ran again", () => {
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

test("stories have unique names, which the command line can distinguish", () => {
  const names = STORIES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(190);
});
