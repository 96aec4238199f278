import type { Figures, Names } from "../edits/figures.ts";
import type { Curve } from "../kit/charts.ts";
import { chartsSvg } from "../kit/charts.ts";
import { markdown } from "../kit/markdown.ts";
import type { Entry } from "./grid.ts";
import { figuresOf, type Losses, lossesOf, METRICS, type Metric, type Worst, worstOf } from "./losses.ts";
import type { Measured } from "./store.ts";

/** One entry's figures over all cases, beside those of the reference. */
export interface FrontRow {
  readonly entry: Entry;
  readonly figures: Figures;
  readonly losses: Losses;
  readonly worst: Worst;
}

/** @param entries the reference first; `edits` gives the measured edits of each, of the same cases */
export function frontRows(
  entries: readonly Entry[],
  edits: (entry: Entry) => readonly Measured[],
  names: Names,
): FrontRow[] {
  const all = entries.map((entry) => ({ entry, figures: figuresOf(edits(entry), names) }));
  const reference = all[0]?.figures as Figures;
  return all.map(({ entry, figures }) => {
    const losses = lossesOf(figures, reference);
    return { entry, figures, losses, worst: worstOf(losses) };
  });
}

const TITLES: Readonly<Record<Metric, string>> = {
  attr_edit: "edited",
  attr_found: "found",
  attr_score: "score",
  attr_preserve: "preserved",
  psnr_outside_db: "outside",
  ssim_outside: "SSIM",
  identity: "identity",
  psnr_inside_db: "inside",
  cf_distance_inside: "distance",
};

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** The reference's figures, then each entry's losses in per cent; below 0 is better. */
export function frontTable(rows: readonly FrontRow[]): string {
  const head = ["", "evaluations", "worst", ...METRICS.map((metric) => TITLES[metric])];
  const body = rows.map(({ entry, figures, losses, worst }, i) => [
    entry.name,
    String(entry.evaluations),
    i === 0 ? "—" : percent(worst.loss),
    ...METRICS.map((metric) => (i === 0 ? figures[metric].toFixed(3) : percent(losses[metric]))),
  ]);
  return markdown(head, body);
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
