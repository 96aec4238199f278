import { expect, test } from "vitest";
import { MODELS } from "../../../shared/models.ts";
import { entryOf, GRID, PAPER, presetEntries } from "./grid.ts";

test("every schedule of the grid has a unique name and costs no more than the paper's", () => {
  expect(GRID[0]).toBe(PAPER);
  expect(new Set(GRID.map(({ name }) => name)).size).toBe(GRID.length);
  expect(Math.max(...GRID.map(({ evaluations }) => evaluations))).toBe(120);
});

test("the presets other than paper are schedules of the grid", () => {
  for (const steps of [undefined, MODELS.mini.fastSteps]) {
    const [paper, ...others] = presetEntries(steps);
    expect(paper?.schedule).toEqual(PAPER.schedule);
    expect(others).toHaveLength(2);
    for (const { schedule } of others) expect(GRID.map(({ schedule }) => schedule)).toContainEqual(schedule);
  }
});

test("a name contains solver, steps of both passes, T and other differences", () => {
  const knobs = { solver: "fireflow", steps: 9, structuring_steps: 1 } as const;
  expect(entryOf({ ...knobs, inversion_steps: 4, spacing: "even" }).name).toBe("fireflow, even 4/9 T1");
  expect(entryOf({ ...knobs, inversion: "none" }).name).toBe("fireflow, no inversion –/9 T1");
});
