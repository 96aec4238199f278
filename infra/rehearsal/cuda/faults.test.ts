import { expect, test } from "vitest";
import { type Expected, faultsOf } from "./faults.ts";
import type { Mark } from "./stage.ts";

const mark = (name: string, more: Partial<Mark> = {}): Mark => ({
  ...{ name, ms: 1, evaluations: 0, hostBytes: 0 },
  ...{ live: 40e9, peak: 40e9, requests: 0, refusals: 0, toDevice: 0, toHost: 0 },
  ...{ products: 0, convolutionPlans: 0, launches: 0 },
  ...more,
});
/** Four evaluations, two of them the inversion's, each of which keeps 0.7 GB. */
const alone = (more: Partial<Mark> = {}) =>
  mark("alone", {
    evaluations: 4,
    tokens: { computed: 128, all: 1024 },
    toDevice: 2e9,
    toHost: 1.5e9,
    ...more,
  });
const expected: Expected = {
  ...{ plan: 41e9, parts: "open" },
  edits: [
    { name: "whole", width: 512, height: 512, box: 200 },
    { name: "alone", width: 512, height: 512, box: 200, background: true },
  ],
  background: (tokens) => (0.7e9 * tokens) / 1024,
};
const faults = (...marks: Mark[]) => faultsOf([mark("warm"), ...marks], expected);

test("K and V may come and go with an edit of the mask alone, and with no other", () => {
  expect(faults(alone())).toEqual([]);
  expect(faults({ ...alone(), name: "whole" })).toEqual([
    "whole: 2.00 GB of weights were loaded",
    "whole: 1.50 GB came back from 4 evaluations",
  ]);
});

test("an edit of the mask alone must not compute everything, load weights, or bring back more than it keeps", () => {
  expect(faults(alone({ tokens: { computed: 1024, all: 1024 } }))).toEqual([
    "alone: all tokens were computed",
  ]);
  expect(faults(alone({ toDevice: 24e9, toHost: 3e9 }))).toEqual([
    "alone: 24.00 GB of weights were loaded",
    "alone: 3.00 GB came back from 4 evaluations",
  ]);
});

test("peak, plan and growth after the warm-up are held together", () => {
  expect(faults(alone({ peak: 41.5e9 }))).toEqual(["the peak of 41.50 GB is above the plan of 41.00 GB"]);
  expect(faults(alone({ live: 40.5e9 }))).toEqual(["alone: memory grew by 0.50 GB"]);
  expect(faultsOf([mark("warm", { peak: 30e9, refusals: 2 })], expected)).toEqual([
    "the plan of 41.00 GB is far above the peak of 30.00 GB",
    "memory was refused 2 times",
  ]);
  expect(faultsOf([mark("open")], expected)).toEqual(["it did not become warm"]);
});
