import { expect, test } from "vitest";
import { PRESETS } from "../../../shared/presets.ts";
import { entryOf, GRID, PAPER, PRESET_ENTRIES } from "./grid.ts";

test("every schedule of the grid has a unique name and costs no more than the paper's", () => {
  expect(GRID[0]).toBe(PAPER);
  expect(new Set(GRID.map(({ name }) => name)).size).toBe(GRID.length);
  expect(Math.max(...GRID.map(({ evaluations }) => evaluations))).toBe(120);
});

test("the presets other than paper are schedules of the grid", () => {
  expect(PRESET_ENTRIES[0]?.schedule).toEqual(PAPER.schedule);
  for (const name of ["balanced", "fast"] as const)
    expect(GRID.map(({ schedule }) => schedule)).toContainEqual(PRESETS[name]);
});

test("a name contains solver, steps of both passes, T and other differences", () => {
  const knobs = { solver: "fireflow", steps: 9, structuring_steps: 1 } as const;
  expect(entryOf({ ...knobs, inversion_steps: 4, spacing: "even" }).name).toBe("fireflow, even 4/9 T1");
  expect(entryOf({ ...knobs, inversion: "none" }).name).toBe("fireflow, no inversion –/9 T1");
});
