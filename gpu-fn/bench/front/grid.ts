/** The schedules that the front is drawn from. */

import { plannedEvaluations, presetsOf } from "../../../shared/presets.ts";
import { type Schedule, scheduleSchema } from "../../../shared/schedule.ts";
import type { Ablation } from "../../src/edit/ablation.ts";

/** One way to spend evaluations. */
export interface Entry {
  readonly name: string;
  /** Its curve in the plot. */
  readonly family: string;
  readonly schedule: Schedule;
  readonly ablation?: Partial<Ablation>;
  readonly evaluations: number;
}

type Knobs = Pick<Schedule, "solver"> &
  Partial<Pick<Schedule, "steps" | "inversion_steps" | "structuring_steps" | "spacing">> &
  Partial<Pick<Ablation, "pairing" | "inversion">>;

/** @param family its curve; default: by solver, spacing, pairing and inversion, as its name says */
export function entryOf({ pairing, inversion, ...knobs }: Knobs, family?: string): Entry {
  const schedule = scheduleSchema.parse(knobs);
  const ablation = { ...(pairing ? { pairing } : {}), ...(inversion ? { inversion } : {}) };
  const { steps, inversion_steps = steps, structuring_steps, spacing } = schedule;
  const shape = inversion === "none" ? `–/${steps}` : `${inversion_steps}/${steps}`;
  const marks = [spacing === "even" ? "even" : "", pairing ?? ""].filter(Boolean);
  const kind = [schedule.solver, ...(inversion === "none" ? ["no inversion"] : []), ...marks].join(", ");
  return {
    name: `${kind} ${shape} T${structuring_steps}`,
    family: family ?? kind,
    schedule,
    ablation,
    evaluations: plannedEvaluations(schedule, ablation),
  };
}

/** The reference of all measurements. */
export const PAPER: Entry = { ...entryOf({ solver: "rf-solver-2" }), name: "paper", family: "paper" };

const solvedBy = (
  solver: Knobs["solver"],
  ...rows: readonly (readonly [steps: number, structuring: number])[]
) => rows.map(([steps, structuring_steps]) => entryOf({ solver, steps, structuring_steps }));

/** Each solver over N, with T near the paper's tenth of it; then each other setting with the rest fixed. */
export const GRID: readonly Entry[] = [
  PAPER,
  ...solvedBy("rf-solver-2", [15, 1], [10, 1], [5, 1], [3, 1], [2, 1]),
  ...solvedBy("fireflow", [28, 3], [20, 2], [14, 1], [9, 1], [7, 1], [5, 1], [4, 1], [3, 1], [2, 1]),
  ...solvedBy("euler", [30, 3], [20, 2], [15, 1], [10, 1], [5, 1]),
  // T
  ...(
    [
      [9, 0],
      [9, 3],
      [5, 0],
    ] as const
  ).map(([steps, structuring_steps]) =>
    entryOf({ solver: "fireflow", steps, structuring_steps }, "fireflow, other T"),
  ),
  // N of either pass
  ...(
    [
      [6, 12],
      [12, 6],
      [3, 5],
      [5, 3],
    ] as const
  ).map(([inversion_steps, steps]) =>
    entryOf({ solver: "fireflow", inversion_steps, steps, structuring_steps: 1 }, "fireflow, two N"),
  ),
  // spacing, pairing
  entryOf({ solver: "fireflow", steps: 9, structuring_steps: 1, spacing: "even" }),
  entryOf({ solver: "fireflow", steps: 5, structuring_steps: 1, spacing: "even" }),
  entryOf({ solver: "euler", steps: 10, structuring_steps: 1, spacing: "even" }),
  entryOf({ solver: "euler", steps: 10, structuring_steps: 1, pairing: "time" }),
  // without inversion: V of the source beside the edit, and latent fusion alone
  ...[1, 3, 9].map((structuring_steps) =>
    entryOf({ solver: "fireflow", steps: 9, structuring_steps, inversion: "none" }),
  ),
];

/** A model's presets, `paper` first. */
export function presetEntries(fastSteps: number | undefined): readonly Entry[] {
  return Object.entries(presetsOf(fastSteps)).map(([name, schedule]) => ({
    name,
    family: "presets",
    schedule,
    evaluations: plannedEvaluations(schedule),
  }));
}
