import { type Figures, figures, type Names } from "../edits/figures.ts";
import { lossCells, lossesOf, METRICS, type Worst, worstOf } from "../edits/losses.ts";
import type { Curve } from "../kit/charts.ts";
import { chartsSvg } from "../kit/charts.ts";
import { markdown } from "../kit/markdown.ts";
import type { Entry } from "./grid.ts";
import type { Measured } from "./store.ts";

/** One entry's figures over all cases, beside those of the reference. */
export interface FrontRow {
  readonly entry: Entry;
  readonly figures: Figures;
  readonly worst: Worst;
}

/** @param entries the reference first; `edits` gives the measured edits of each, of the same cases */
export function frontRows(
  entries: readonly Entry[],
  edits: (entry: Entry) => readonly Measured[],
  names: Names,
): FrontRow[] {
  const judged = (entry: Entry) => edits(entry).map((edit) => edit.judged);
  const all = entries.map((entry) => ({ entry, figures: figures(judged(entry), "edited", names) }));
  const reference = all[0]?.figures as Figures;
  return all.map((row) => ({ ...row, worst: worstOf(lossesOf(row.figures, reference, METRICS)) }));
}

/** The reference's figures, then each entry's losses in per cent; below 0 is better. */
export function frontTable(rows: readonly FrontRow[]): string {
  const { head, body } = lossCells(
    rows.map((row) => row.figures),
    METRICS,
  );
  return markdown(
    ["", "evaluations", ...head],
    rows.map(({ entry }, i) => [entry.name, String(entry.evaluations), ...(body[i] ?? [])]),
  );
}

/** The same as JSON; losses follow from the figures. */
export function frontSummary(rows: readonly FrontRow[]) {
  return rows.map(({ entry: { family: _, ...entry }, figures, worst }) => ({ ...entry, figures, worst }));
}

/** Schedules that lose more are not plotted, since they would flatten the plot; nor are curves of one point. The table has them. */
const PLOTTED_LOSS = 0.1;

/** The front as SVG: the largest loss, and PSNR to the truth inside the region, over evaluations. */
export function frontSvg(rows: readonly FrontRow[]): string {
  const plotted = rows.filter(({ worst }) => worst.loss <= PLOTTED_LOSS);
  const families = [...Map.groupBy(plotted, ({ entry }) => entry.family)].filter(
    ([, family]) => family.length > 1 || family[0] === rows[0],
  );
  const curves = (of: (row: FrontRow) => number): Curve[] =>
    families.map(([name, family]) => ({
      name,
      points: family.map((row) => [row.entry.evaluations, of(row)] as const).sort(([a], [b]) => a - b),
    }));
  const x = "evaluations";
  return chartsSvg([
    {
      title: "Largest loss of any metric against paper",
      x,
      y: "%",
      scale: "log",
      curves: curves(({ worst }) => 100 * worst.loss),
    },
    {
      title: "PSNR to the truth inside the region",
      x,
      y: "dB",
      scale: "log",
      curves: curves(({ figures }) => figures.psnr_inside_db),
    },
  ]);
}
