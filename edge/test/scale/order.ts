/** An order for the simulation, and its result. */
import { z } from "zod";

export const orderSchema = z.object({
  /** Edits per minute, and for how many minutes. */
  rate: z.number().positive(),
  minutes: z.number().positive(),
  /** GPU time per edit in milliseconds, and how many edits the GPUs run at a time. */
  gpuMs: z.number().positive(),
  containers: z.int().positive(),
  /** Maximum number of concurrent consumers on the platform. */
  consumers: z.int().positive(),
});

export type Order = z.output<typeof orderSchema>;

/** The result of one order. */
export interface Outcome {
  readonly edits: number;
  readonly succeeded: number;
  /** Calls to the object, by caller. */
  readonly calls: number;
  readonly deliveries: number;
  readonly uploads: Costs;
  readonly runs: Costs;
  readonly expiry: Costs;
  /** Messages without a consumer, sampled when each edit arrives: the maximum, and the mean of the last minute. */
  readonly queue: { readonly longest: number; readonly lastMinute: number };
  readonly waitMs: { readonly p50: number; readonly p99: number };
  /** Maximum number of concurrent consumers, and of runs. */
  readonly mostHeld: number;
  readonly mostRunning: number;
  /** Answers that no GPU was free, and claims: each busy answer adds one. */
  readonly busyAnswers: number;
  readonly claims: number;
  /** Total time that runners held runs. */
  readonly runnerMs: number;
  /** Lookups of R2 objects by runs. */
  readonly looks: number;
  readonly bytes: number;
  /** Rows written by all edits together, uploads and expiry included, by the statement's beginning. */
  readonly written: Readonly<Record<string, number>>;
}

/** Counts of the object's calls and writes. */
export type Costs = Record<
  "rowsWritten" | "rowsRead" | "alarmsSet" | "upstash" | "stripe" | "points",
  number
>;
