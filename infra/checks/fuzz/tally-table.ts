import { markdown } from "../../../gpu-fn/bench/kit/markdown.ts";
import type { Tally } from "./campaign.ts";

const HEADINGS = ["target", "cases", "accepted", "refused", "crashes", "slowest ms"];

/** Counts of a run, a line for each target and one for all; Markdown. */
export function tableOf(tallies: readonly Tally[]): string {
  const rows = tallies.map(({ target, cases, accepted, refused, crashes, slowestMs }) => [
    target,
    cases,
    accepted,
    refused,
    crashes.length,
    Math.round(slowestMs),
  ]);
  const sum = (column: number) => rows.reduce((total, row) => total + Number(row[column]), 0);
  const slowest = Math.max(0, ...rows.map((row) => Number(row[5])));
  const all = ["all", sum(1), sum(2), sum(3), sum(4), slowest];
  return markdown(
    HEADINGS,
    [...rows, all].map((cells) => cells.map(String)),
  );
}
