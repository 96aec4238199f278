/** What editors lose of each metric against a reference. */
import type { Figures } from "./figures.ts";

/** The benchmark's metrics that a schedule must keep. */
export const METRICS = [
  "attr_edit",
  "attr_found",
  "attr_score",
  "attr_preserve",
  "psnr_outside_db",
  "ssim_outside",
  "identity",
  "psnr_inside_db",
  "cf_distance_inside",
] as const satisfies readonly (keyof Figures)[];

/** The same of what is delivered, which also has a border. */
export const DELIVERED_METRICS = [...METRICS, "seam"] as const;

export type Metric = (typeof DELIVERED_METRICS)[number];

/** All others are better when higher. */
const BETTER_WHEN_LOWER: ReadonlySet<Metric> = new Set(["cf_distance_inside", "seam"]);

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
  seam: "seam",
};

/** How much worse each metric is than the reference's, as a share of it; below 0 if it is better. */
export function lossesOf<Of extends Metric>(
  found: Figures,
  reference: Figures,
  metrics: readonly Of[],
): Readonly<Record<Of, number>> {
  const loss = (metric: Of) => {
    const share = found[metric] / reference[metric];
    return BETTER_WHEN_LOWER.has(metric) ? share - 1 : 1 - share;
  };
  return Object.fromEntries(metrics.map((metric) => [metric, loss(metric)])) as Record<Of, number>;
}

/** The metric with the largest loss, and that loss. */
export interface Worst {
  readonly metric: Metric;
  readonly loss: number;
}

/** Metrics that were not judged are NaN and lose nothing. */
export function worstOf(losses: Readonly<Partial<Record<Metric, number>>>): Worst {
  const judged = (Object.entries(losses) as [Metric, number][]).filter(([, loss]) => !Number.isNaN(loss));
  const none = { metric: METRICS[0], loss: Number.NaN };
  const [first = none, ...others] = judged.map(([metric, loss]): Worst => ({ metric, loss }));
  return others.reduce((worst, next) => (next.loss > worst.loss ? next : worst), first);
}

const percent = (share: number) => (Number.isNaN(share) ? "—" : `${(100 * share).toFixed(1)} %`);

/** The columns' titles, the first row's figures, and what each other row loses of them in per cent; below 0 is better. */
export function lossCells(
  rows: readonly Figures[],
  metrics: readonly Metric[],
): { head: string[]; body: string[][] } {
  const [reference] = rows;
  const cellsOf = (figures: Figures) => {
    if (reference === undefined || figures === reference)
      return [
        "—",
        ...metrics.map((metric) => (Number.isNaN(figures[metric]) ? "—" : figures[metric].toFixed(3))),
      ];
    const losses = lossesOf(figures, reference, metrics);
    return [percent(worstOf(losses).loss), ...metrics.map((metric) => percent(losses[metric]))];
  };
  return { head: ["worst", ...metrics.map((metric) => TITLES[metric])], body: rows.map(cellsOf) };
}
