import type { PhaseName, Recorder, SeenEdit } from "./record.ts";
import type { Run } from "./run-soak.ts";
import { type Slope, slopeOf } from "./slope.ts";

/** Milliseconds, rounded; null of nothing. */
export interface Times {
  readonly p50: number | null;
  readonly p99: number | null;
}

export interface RouteRow extends Times {
  readonly phase: PhaseName;
  readonly route: string;
  readonly answered: number;
  /** Answers by status and code: `202`, `503 gpu_unavailable`. */
  readonly by: Readonly<Record<string, number>>;
}

/** What became of the edits of the loud customer, or of all others, that were asked for in a phase. */
export interface EditRow {
  readonly phase: PhaseName;
  readonly of: "loud" | "others";
  readonly accepted: number;
  readonly refused: number;
  readonly succeeded: number;
  readonly late: number;
  /** From acceptance to the end of those that succeeded, in seconds. */
  readonly seconds: Times;
}

export interface ReturnRow {
  readonly code: string;
  readonly returns: number;
  /** Share of clients that were accepted when they came back after Retry-After. */
  readonly accepted: number;
  readonly waitedSeconds: Times;
}

export interface MemoryRow {
  readonly process: string;
  readonly startMb: number;
  readonly endMb: number;
  readonly peakMb: number;
  /** Over the steady phase, and over its second half, when heaps have found their size; in MB an hour. */
  readonly slope: Slope | null;
  readonly secondHalf: Slope | null;
}

/** Milliseconds after a burst until something is as it was in the steady phase; null if it was not. */
export interface Recovery {
  readonly after: PhaseName;
  readonly queueMs: number | null;
  readonly readsMs: number | null;
}

/** Blocks of half a minute, or as many as the shortest interval needs. */
const BLOCK_MS = 30_000;

/** A run in figures. */
export interface Summary {
  readonly routes: readonly RouteRow[];
  readonly edits: readonly EditRow[];
  readonly returns: readonly ReturnRow[];
  readonly memory: readonly MemoryRow[];
  readonly recoveries: readonly Recovery[];
  readonly longestQueue: number;
}

export function summaryOf(run: Run): Summary {
  const { recorder } = run;
  return {
    routes: routeRows(recorder),
    edits: recorder.phases.flatMap(({ name }) =>
      (["loud", "others"] as const).map((of) => editRow(recorder, name, of)),
    ),
    returns: returnRows(recorder),
    memory: memoryRows(run),
    recoveries: recoveries(run),
    longestQueue: Math.max(0, ...run.queue.map(({ unfinished }) => unfinished)),
  };
}

function routeRows({ samples, phases }: Recorder): RouteRow[] {
  return phases.flatMap(({ name: phase }) => {
    const within = samples.filter((sample) => sample.phase === phase);
    const routes = [...new Set(within.map(({ route }) => route))].sort();
    return routes.map((route) => {
      const all = within.filter((sample) => sample.route === route);
      const by: Record<string, number> = {};
      for (const { status, code } of all) {
        const name = code === null ? String(status) : `${status} ${code}`;
        by[name] = (by[name] ?? 0) + 1;
      }
      return { phase, route, answered: all.length, ...timesOf(all.map(({ ms }) => ms)), by };
    });
  });
}

const isLoud = ({ customer }: { customer: string }) => customer === "loud";

function editRow({ edits, samples }: Recorder, phase: PhaseName, of: EditRow["of"]): EditRow {
  const theirs = <T extends { phase: PhaseName; customer: string }>(thing: T) =>
    thing.phase === phase && isLoud(thing) === (of === "loud");
  const mine: SeenEdit[] = [...edits.values()].filter(theirs);
  const succeeded = mine.filter(({ status }) => status === "succeeded");
  const waited = succeeded.map(({ createdAt, finishedAt }) => ((finishedAt ?? createdAt) - createdAt) / 1000);
  const asked = samples.filter(theirs).filter(({ route }) => route === "POST /v1/edits");
  return {
    phase,
    of,
    accepted: mine.length,
    refused: asked.filter(({ status }) => status === 429 || status === 503).length,
    succeeded: succeeded.length,
    late: mine.filter(({ error }) => error === "deadline_exceeded").length,
    seconds: timesOf(waited),
  };
}

function returnRows({ returns }: Recorder): ReturnRow[] {
  return [...new Set(returns.map(({ code }) => code))].map((code) => {
    const all = returns.filter((one) => one.code === code);
    const accepted = all.filter((one) => one.accepted).length / all.length;
    return {
      code,
      returns: all.length,
      accepted,
      waitedSeconds: timesOf(all.map(({ waitedSeconds }) => waitedSeconds)),
    };
  });
}

function memoryRows({ memory, recorder }: Run): MemoryRow[] {
  const steady = recorder.phases.find(({ name }) => name === "steady");
  return [...new Set(memory.map(({ process }) => process))].sort().map((process) => {
    const all = memory.filter((reading) => reading.process === process);
    const within = all.filter(({ at }) => steady !== undefined && at >= steady.from && at < steady.to);
    const points = within.map(({ at, mb }) => [at, mb] as const);
    const half = points.slice(Math.ceil(points.length / 2));
    const blocks = steady === undefined ? 0 : Math.floor((steady.to - steady.from) / BLOCK_MS);
    return {
      process,
      startMb: within[0]?.mb ?? Number.NaN,
      endMb: all.at(-1)?.mb ?? Number.NaN,
      peakMb: Math.max(...all.map(({ mb }) => mb)),
      slope: slopeOf(points, Math.max(6, blocks)),
      secondHalf: slopeOf(half, Math.max(6, Math.floor(blocks / 2))),
    };
  });
}

/** So long things must stay as they were in the steady phase, in milliseconds. */
const STAYS_MS = 10_000;

function recoveries({ recorder, queue }: Run): Recovery[] {
  const { phases, samples } = recorder;
  const steady = phases.find(({ name }) => name === "steady");
  const reads = samples.filter(({ route }) => route === "GET /v1/edits/{id}");
  const readPoints = reads.map(({ at, ms }) => [at, ms] as const).sort(([a], [b]) => a - b);
  const queuePoints = queue.map(({ at, unfinished }) => [at, unfinished] as const);
  return phases
    .filter(({ name }) => name === "burst" || name === "rush")
    .map(({ name, to: end }) => {
      const back = (points: readonly (readonly [number, number])[], share: number) => {
        const usual = points.filter(([at]) => steady && at >= steady.from && at < steady.to);
        const most = quantile(
          usual.map(([, value]) => value),
          share,
        );
        const last = points.filter(([at]) => at >= end);
        for (const [at] of last) {
          const window = last
            .filter(([time]) => time >= at && time < at + STAYS_MS)
            .map(([, value]) => value);
          if ((quantile(window, share) ?? 0) <= (most ?? 0)) return Math.round(at - end);
        }
        return null;
      };
      return { after: name, queueMs: back(queuePoints, 0.95), readsMs: back(readPoints, 0.9) };
    });
}

function timesOf(values: readonly number[]): Times {
  return { p50: rounded(quantile(values, 0.5)), p99: rounded(quantile(values, 0.99)) };
}

function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}

const rounded = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10);
