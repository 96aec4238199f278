/** First-block caching over its threshold, beside FireFlow at the same cost. */

import type { Names } from "../../edits/figures.ts";
import { mean } from "../../edits/metrics.ts";
import { type FrontRow, frontRows } from "../front-table.ts";
import { type Entry, PRESET_ENTRIES } from "../grid.ts";
import type { Measured } from "../store.ts";
import { costOf, fireflowAtCost } from "./cost.ts";
import type { Evaluations } from "./skipping.ts";
import type { PartTimes } from "./timing.ts";

/** One preset at one threshold. Evaluations are means over the edits. */
export interface FirstBlockRow extends FrontRow, Evaluations {
  /** In evaluations of FLUX.1-dev. */
  readonly cost: number;
  /** Time of the evaluations as a share of the preset's. */
  readonly time: number;
  readonly fireflow: FrontRow;
}

/** A preset at all thresholds; losses are of what it has without skipping. */
export interface FirstBlockGroup {
  readonly preset: FrontRow;
  readonly rows: readonly FirstBlockRow[];
}

/** What was measured of an entry: of the same cases for all. */
export type MeasuredOf = (entry: Entry) => readonly Measured[];

/** What the study asks for. */
export interface Front {
  /** Measures entries on the run's cases. */
  measure(entries: readonly Entry[]): Promise<void>;
  readonly of: MeasuredOf;
  readonly names: Names;
  readonly times: PartTimes;
}

/** Every preset at every threshold; then FireFlow at what each turned out to cost. */
export async function firstBlockStudy(
  front: Front,
  thresholds: readonly number[],
): Promise<FirstBlockGroup[]> {
  const { measure, of } = front;
  const asked = PRESET_ENTRIES.map((preset) => ({ preset, entries: skippingEntries(preset, thresholds) }));
  await measure(asked.flatMap(({ preset, entries }) => [preset, ...entries]));
  const fireflows = asked.flatMap(({ entries }) => entries.map((entry) => fireflowFor(entry, of)));
  // several thresholds may cost the same
  await measure([...new Map(fireflows.map((entry) => [entry.name, entry])).values()]);
  return asked.map(({ preset, entries }) => firstBlockGroup(preset, entries, front));
}

function skippingEntries(preset: Entry, thresholds: readonly number[]): Entry[] {
  return thresholds.map((firstBlock) => ({
    ...preset,
    name: `${preset.name}, first block ${firstBlock}`,
    firstBlock,
  }));
}

function spentOf(edits: readonly Measured[]): Evaluations {
  return {
    full: mean(edits.map(({ spent }) => spent.full)),
    skipped: mean(edits.map(({ spent }) => spent.skipped)),
  };
}

/** FireFlow at the cost that an entry turned out to have. */
function fireflowFor(entry: Entry, of: MeasuredOf): Entry {
  return fireflowAtCost(costOf(spentOf(of(entry))));
}

/** Of what was measured of the preset, of the entries, and of FireFlow for each of them. */
function firstBlockGroup(
  preset: Entry,
  entries: readonly Entry[],
  { of, names, times }: Front,
): FirstBlockGroup {
  const fireflows = entries.map((entry) => fireflowFor(entry, of));
  const [own, ...lost] = frontRows([preset, ...entries, ...fireflows], of, names);
  const rows = entries.map((entry, i) => {
    const spent = spentOf(of(entry));
    const taken = spent.full * times.full.median + spent.skipped * times.skipped.median;
    return {
      ...(lost[i] as FrontRow),
      ...spent,
      cost: costOf(spent),
      time: taken / preset.evaluations,
      fireflow: lost[entries.length + i] as FrontRow,
    };
  });
  return { preset: own as FrontRow, rows };
}
