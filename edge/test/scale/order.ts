/** An order for the simulation, and what came of it. */
import { z } from "zod";

export const orderSchema = z.object({
  /** Edits a minute, for so many minutes. */
  rate: z.number().positive(),
  minutes: z.number().positive(),
  /** How long a GPU takes for an edit, in milliseconds, and how many edits the GPUs make at a time. */
  gpuMs: z.number().positive(),
  containers: z.int().positive(),
  /** Queue messages that consumers hold at a time at most. */
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
  readonly mostHeld: number;
  readonly bytes: number;
}

/** Counts of what the object did and wrote. */
export type Costs = Record<
  "rowsWritten" | "rowsRead" | "alarmsSet" | "upstash" | "stripe" | "points",
  number
>;
