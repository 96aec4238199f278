/** An order for the simulation, and what came of it. */
import { z } from "zod";

export const orderSchema = z.object({
  /** Edits a minute, for so many minutes. */
  rate: z.number().positive(),
  minutes: z.number().positive(),
  /** How long a GPU takes for an edit, in milliseconds, and how many edits the GPUs make at a time. */
  gpuMs: z.number().positive(),
  containers: z.int().positive(),
  /** Consumers that the platform runs at a time at most. */
  consumers: z.int().positive(),
});

export type Order = z.output<typeof orderSchema>;

/** What came of one order. */
export interface Outcome {
  readonly edits: number;
  readonly succeeded: number;
  /** Calls of the object, by who made them. */
  readonly calls: number;
  readonly deliveries: number;
  readonly uploads: Costs;
  readonly runs: Costs;
  readonly expiry: Costs;
  /** Messages that no consumer had, each time an edit came: the longest line, and its mean in the last minute. */
  readonly queue: { readonly longest: number; readonly lastMinute: number };
  readonly waitMs: { readonly p50: number; readonly p99: number };
  /** Consumers at a time, and runs at a time, at most. */
  readonly mostHeld: number;
  readonly mostRunning: number;
  /** Answers that no GPU was free, and claims: each busy answer is one more. */
  readonly busyAnswers: number;
  readonly claims: number;
  /** How long all runs were held by their runners together. */
  readonly runnerMs: number;
  /** Looks of runs at what R2 holds. */
  readonly looks: number;
  readonly bytes: number;
}

/** Counts of what the object did and wrote. */
export type Costs = Record<
  "rowsWritten" | "rowsRead" | "alarmsSet" | "upstash" | "stripe" | "points",
  number
>;
