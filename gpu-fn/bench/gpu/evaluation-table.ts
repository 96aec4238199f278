import { type EvaluationTimes, paperSchedule } from "./arithmetic.ts";

export interface SizeFigures {
  /** Pixels of the square's side. */
  readonly side: number;
  /** Floating-point operations of an evaluation. */
  readonly flops: number;
  /** Milliseconds of an evaluation of each kind. */
  readonly ms: EvaluationTimes;
  /** Milliseconds of a plain evaluation with eight-bit weights, and in PyTorch; null if left out. */
  readonly int8Ms: number | null;
  readonly torchMs: number | null;
}

export interface Figures {
  readonly machine: string;
  readonly date: string;
  readonly scale: string;
  readonly compute: string;
  /** The device's peak operations a second; null if unknown. */
  readonly peakFlops: number | null;
  /** Seconds until the session of each path is open. */
  readonly opened: { readonly cache: number; readonly paired: number };
  /** Bytes of the weights' file. */
  readonly weights: number;
  /** Peak bytes. */
  readonly memory: number;
  readonly torch: string | null;
  readonly sizes: readonly SizeFigures[];
}

/** Share of the peak that the model's own operations reach. */
export function utilisation(flops: number, ms: number, peakFlops: number): number {
  return flops / (ms / 1000) / peakFlops;
}

export function tableOf({ sizes, peakFlops, ...run }: Figures): string {
  const label = (text: string) => text.padEnd(40);
  const row = (name: string, value: (size: SizeFigures) => string) =>
    label(name) + sizes.map((size) => value(size).padStart(12)).join("");
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const seconds = (value: number) => `${(value / 1000).toFixed(2)} s`;
  const share = (flops: number, time: number) =>
    peakFlops === null ? "—" : `${(100 * utilisation(flops, time, peakFlops)).toFixed(1)} %`;
  return [
    `${run.machine}; ${run.scale}, ${run.compute}; ${run.date}`,
    row("", ({ side }) => `${side}²`),
    row("an evaluation", (size) => ms(size.ms.plain)),
    row("  share of the peak", (size) => share(size.flops, size.ms.plain)),
    row("  V recorded", (size) => ms(size.ms.recorded)),
    row("  V injected", (size) => ms(size.ms.injected)),
    row("a pair of evaluations", (size) => ms(size.ms.paired)),
    row("  share of the peak", (size) => share(2 * size.flops, size.ms.paired)),
    row("the paper's schedule, V cached", (size) => seconds(paperSchedule(size.ms).cache)),
    row("the paper's schedule, V paired", (size) => seconds(paperSchedule(size.ms).paired)),
    row("an evaluation, eight-bit weights", ({ int8Ms }) => (int8Ms === null ? "—" : ms(int8Ms))),
    row(`an evaluation in PyTorch ${run.torch ?? ""}`, ({ torchMs }) =>
      torchMs === null ? "—" : ms(torchMs),
    ),
    `${label("session open, V cached")}${seconds(1000 * run.opened.cache).padStart(12)}`,
    `${label("session open, V paired")}${seconds(1000 * run.opened.paired).padStart(12)}`,
    `${label("weights")}${`${(run.weights / 1e9).toFixed(2)} GB`.padStart(12)}`,
    `${label("peak memory")}${`${(run.memory / 1e9).toFixed(2)} GB`.padStart(12)}`,
  ].join("\n");
}
