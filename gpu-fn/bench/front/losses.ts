import { type Figures, figures, type Names } from "../edits/figures.ts";
import type { Measured } from "./store.ts";

/** The benchmark's metrics that a schedule must keep; all except the distance are better when higher. */
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

export type Metric = (typeof METRICS)[number];

/** How much worse each metric is than the reference's, as a share of it; below 0 if it is better. */
export type Losses = Readonly<Record<Metric, number>>;

export function lossesOf(found: Figures, reference: Figures): Losses {
  const loss = (metric: Metric) => {
    const share = found[metric] / reference[metric];
    return metric === "cf_distance_inside" ? share - 1 : 1 - share;
  };
  return Object.fromEntries(METRICS.map((metric) => [metric, loss(metric)])) as Losses;
}

/** The metric with the largest loss, and that loss. */
export interface Worst {
  readonly metric: Metric;
  readonly loss: number;
}

export function worstOf(losses: Losses): Worst {
  const [metric = METRICS[0], loss = Number.NaN] = Object.entries(losses).reduce((worst, next) =>
    next[1] > worst[1] ? next : worst,
  ) as [Metric, number];
  return { metric, loss };
}

export function figuresOf(edits: readonly Measured[], names: Names): Figures {
  return figures(
    edits.map(({ judged }) => judged),
    "edited",
    names,
  );
}
