import { markdown } from "../../kit/markdown.ts";
import type { Spread } from "../../kit/spread.ts";
import { type FrontRow, percent, TITLES } from "../front-table.ts";
import { METRICS } from "../losses.ts";
import type { FirstBlockGroup, FirstBlockRow } from "./study.ts";
import type { PartTimes } from "./timing.ts";

const COLUMNS = ["", "full evaluations", "skipped", "cost", "time", "worst"];

/** Losses that differ by less are called the same: the table shows no more digits. */
const SAME = 0.0005;

/**
 * Of each preset what it has; then a threshold after the other what it costs and loses of that, with FireFlow at this cost
 * below. The lesser loss of the two is bold.
 */
export function firstBlockTable(groups: readonly FirstBlockGroup[]): string {
  const head = [...COLUMNS, ...METRICS.map((metric) => TITLES[metric])];
  return markdown(head, groups.flatMap(groupRows));
}

function groupRows({ preset, rows }: FirstBlockGroup): string[][] {
  const { entry, figures } = preset;
  const { name, evaluations } = entry;
  const all = String(evaluations);
  const own = METRICS.map((metric) => figures[metric].toFixed(3));
  return [[name, all, "0 %", all, "100 %", "—", ...own], ...rows.flatMap(pairOfRows)];
}

function pairOfRows(row: FirstBlockRow): string[][] {
  const { entry, full, skipped, cost, time, fireflow } = row;
  const ahead = fireflow.worst.loss - row.worst.loss;
  const spent = [full.toFixed(1), percent(skipped / (full + skipped)), cost.toFixed(1), percent(time)];
  const evaluations = String(fireflow.entry.evaluations);
  const share = fireflow.entry.evaluations / entry.evaluations;
  return [
    [entry.name, ...spent, ...lossCells(row, ahead >= SAME)],
    [
      fireflow.entry.name,
      evaluations,
      "0 %",
      evaluations,
      percent(share),
      ...lossCells(fireflow, ahead <= -SAME),
    ],
  ];
}

function lossCells({ losses, worst }: FrontRow, better: boolean): string[] {
  const loss = percent(worst.loss);
  return [better ? `**${loss}**` : loss, ...METRICS.map((metric) => percent(losses[metric]))];
}

/** What the parts of the transformer take, in a line. */
export function timesNote({ full, skipped }: PartTimes): string {
  return `of a whole evaluation's time: in two parts ${spread(full)}, the first block alone ${spread(skipped)}`;
}

const spread = ({ median, min, max }: Spread) => `${percent(median)} (${percent(min)} to ${percent(max)})`;

/** The same as JSON; losses follow from the figures. */
export function firstBlockSummary(groups: readonly FirstBlockGroup[]) {
  const lost = ({ entry, figures, worst }: FrontRow) => ({
    name: entry.name,
    evaluations: entry.evaluations,
    schedule: entry.schedule,
    figures,
    worst,
  });
  return groups.map(({ preset, rows }) => ({
    preset: preset.entry.name,
    evaluations: preset.entry.evaluations,
    figures: preset.figures,
    thresholds: rows.map(({ full, skipped, cost, time, fireflow, ...row }) => ({
      threshold: row.entry.firstBlock,
      full,
      skipped,
      skipped_share: skipped / (full + skipped),
      cost,
      time,
      ...lost(row),
      fireflow: lost(fireflow),
    })),
  }));
}
