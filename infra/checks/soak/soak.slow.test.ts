import { expect, test } from "vitest";
import { brokenRules } from "./invariants.ts";
import { runSoak } from "./run-soak.ts";
import { phasesOf, type Scenario } from "./scenario.ts";

/** The soak in short: half a second an edit, ten times the load for four seconds. What is asked of it needs no quiet machine. */
const scenario: Scenario = {
  msPerEvaluation: 20,
  maskMs: 20,
  coldStartMs: 1_000,
  fill: 0,
  customers: 2,
  unfinished: 8,
  deadlineMs: 4_000,
  utilisation: 0.6,
  returns: 1,
  readsAnEdit: 3,
  phases: phasesOf({
    warmUpSeconds: 1,
    steadySeconds: 2,
    burstSeconds: 4,
    rushSeconds: 0,
    customers: 2,
    recoverySeconds: 4,
  }),
};

test("a burst of ten times the load: a bounded queue, honest refusals, every accepted edit ends, nothing stays held", {
  timeout: 120_000,
}, async () => {
  const run = await runSoak(scenario, () => {});
  expect(brokenRules(run, scenario)).toEqual([]);
  const { samples, edits } = run.recorder;
  const refused = samples.filter(({ route, status }) => route === "POST /v1/edits" && status >= 400);
  expect(refused.length).toBeGreaterThan(0);
  expect(
    [...edits.values()].some(({ customer, status }) => customer !== "loud" && status === "succeeded"),
  ).toBe(true);
});
