import { expect, test } from "vitest";
import { spreadOf } from "../kit/spread.ts";
import type { TimedEdit } from "./edits.ts";
import { editRows, secondShares, speedTables } from "./speed-tables.ts";

test("the median of an even number of values is between the middle two; of none there is nothing", () => {
  expect(spreadOf([4, 1, 3])).toEqual({ median: 3, min: 1, max: 4 });
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(spreadOf([])).toBeNull();
});

const timed = (time: TimedEdit["time"], seconds: number): TimedEdit => ({
  preset: "fast",
  time,
  seconds,
  evaluations: time === "second" ? 10 : 20,
  msPerEvaluation: 10,
  outside: 0.25,
});
const edits = [
  timed("cold", 3),
  timed("first", 1),
  timed("second", 0.4),
  timed("first", 2),
  timed("second", 0.6),
];

test("the second edit is held against the first of the same round", () => {
  const share = secondShares(edits).find(({ preset }) => preset === "fast")?.share;
  expect(share?.min).toBeCloseTo(0.3, 12);
  expect(share?.max).toBeCloseTo(0.4, 12);
});

test("a row a time, with its evaluations and the spread of its seconds", () => {
  const rows = editRows(edits).filter(({ preset }) => preset === "fast");
  expect(rows.map(({ time, evaluations }) => [time, evaluations])).toEqual([
    ["cold", 20],
    ["first", 20],
    ["second", 10],
  ]);
  expect(rows[1]?.seconds).toEqual({ median: 1.5, min: 1, max: 2 });
  const shown = speedTables(
    edits.flatMap((edit) => [edit, { ...edit, preset: "paper" }, { ...edit, preset: "balanced" }]),
    [],
    [],
  );
  expect(shown).toContain(
    "| fast, first | 20 | 1.50 (1.00 to 2.00) | 10.00 (10.00 to 10.00) | 25 (25 to 25) |",
  );
});
