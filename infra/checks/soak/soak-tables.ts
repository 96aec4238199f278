import { markdown } from "../../../gpu-fn/bench/kit/markdown.ts";
import type { Broken } from "./invariants.ts";
import type { Slope } from "./slope.ts";
import type { Summary, Times } from "./summary.ts";

const cell = (value: number | null) => (value === null ? "–" : String(value));
const times = ({ p50, p99 }: Times) => [cell(p50), cell(p99)];

function slopeText(slope: Slope | null): string {
  if (slope === null) return "–";
  return `${slope.perHour.toFixed(1)} ± ${slope.halfWidth.toFixed(1)}`;
}

/** The summary as tables for people, in Markdown. */
export function tablesOf({ edits, routes, returns, memory, recoveries, longestQueue }: Summary): string {
  const ofEdits = edits.map((row) => [
    `${row.phase}, ${row.of}`,
    ...[row.accepted, row.refused, row.succeeded, row.late].map(String),
    ...times(row.seconds),
  ]);
  const ofRoutes = routes.map((row) => [
    `${row.phase}: ${row.route}`,
    String(row.answered),
    ...times(row),
    Object.entries(row.by)
      .map(([status, count]) => `${status}: ${count}`)
      .join(", "),
  ]);
  const ofReturns = returns.map((row) => [
    row.code,
    String(row.returns),
    `${Math.round(100 * row.accepted)} %`,
    ...times(row.waitedSeconds),
  ]);
  const ofMemory = memory.map(({ process, startMb, endMb, peakMb, slope, secondHalf }) => [
    process,
    ...[startMb, endMb, peakMb].map((mb) => mb.toFixed(0)),
    slopeText(slope),
    slopeText(secondHalf),
  ]);
  const seconds = (ms: number | null) => (ms === null ? "not" : `after ${(ms / 1000).toFixed(0)} s`);
  return [
    markdown(["edits", "accepted", "refusals", "succeeded", "late", "p50 s", "p99 s"], ofEdits),
    markdown(["phase: route", "answers", "p50 ms", "p99 ms", "by status"], ofRoutes),
    markdown(["refusal", "clients that came back", "accepted then", "wait p50 s", "p99 s"], ofReturns),
    markdown(["memory, MB", "start", "end", "peak", "steady, MB an hour", "its second half"], ofMemory),
    `longest queue: ${longestQueue}`,
    ...recoveries.map(
      ({ after, queueMs, readsMs }) =>
        `${after} over: queue as before ${seconds(queueMs)}, reads ${seconds(readsMs)}`,
    ),
  ].join("\n\n");
}

export const linesOf = (broken: readonly Broken[]): string =>
  broken.length === 0
    ? "every rule holds"
    : broken.map(({ rule, found }) => `broken: ${rule} (${found})`).join("\n");
