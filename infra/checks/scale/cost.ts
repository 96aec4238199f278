import type { Outcome } from "../../../edge/test/scale/order.ts";
import { PRICES } from "./prices.ts";

/** Requests of one edit to the worker: its photo, the edit, three looks, the result; and the GPU's: photo, five writes. */
const REQUESTS = 6 + 6;

/** CPU time of one such request, in milliseconds: measured at 2 to 4 (`npm run bench:edge`). */
const CPU_MS = 4;

/**
 * Objects written: photo, mask, located mask, result, two previews. Read: the photo by the GPU, the result by the client,
 * and looked at by the run: the previews, beside what the simulation counts.
 */
const R2 = { writes: 6, reads: 4, megabytes: 6 } as const;

/** A message is written, read and deleted. */
const QUEUE_OPERATIONS = 3;

/**
 * An object is billed while it has work, whole: a runner for its run; the account's for the run and ten seconds, shared by
 * all edits of its account that run then.
 */
const OBJECT_GB = 0.128;
const IDLE_SECONDS = 10;

/** The backlog is read by each of this many isolates every three seconds. */
const ISOLATES = 20;
const BACKLOG_SECONDS = 3;

export interface Cost {
  readonly rows: number;
  readonly rowsRead: number;
  readonly upstash: number;
  readonly operations: { readonly object: number; readonly queue: number; readonly r2: number };
  readonly dollars: number;
  /** The same if each edit alone keeps an account's object awake. */
  readonly dollarsAlone: number;
}

/** The platform cost of one edit, with its upload and its erasure. */
export function costOf(
  outcome: Outcome,
  { rate, gpuMs }: { readonly rate: number; readonly gpuMs: number },
): Cost {
  const { edits, calls, deliveries, claims, runnerMs, looks, uploads, runs, expiry } = outcome;
  const all = [uploads, runs, expiry];
  const each = (of: (costs: (typeof all)[number]) => number) =>
    all.reduce((sum, costs) => sum + of(costs), 0) / edits;
  const rows = each((costs) => costs.rowsWritten + costs.alarmsSet);
  const rowsRead = each(({ rowsRead }) => rowsRead);
  const reading = (ISOLATES * 60) / BACKLOG_SECONDS / rate;
  const upstash = each((costs) => costs.upstash) + reading;
  // the photo's two, two looks of the client; and the runner's one a claim
  const object = calls / edits + 4 + claims / edits;
  const queue = (QUEUE_OPERATIONS * deliveries) / edits;
  const reads = R2.reads + looks / edits;
  const running = (OBJECT_GB * runnerMs * PRICES.objectGbSecond) / 1000 / edits;
  const alone = OBJECT_GB * (gpuMs / 1000 + IDLE_SECONDS) * PRICES.objectGbSecond;
  const together = OBJECT_GB * (60 / rate) * PRICES.objectGbSecond;
  const shared =
    REQUESTS * (PRICES.request + CPU_MS * PRICES.cpuMs) +
    object * PRICES.objectRequest +
    rows * PRICES.rowWritten +
    rowsRead * PRICES.rowRead +
    queue * PRICES.queueOperation +
    R2.writes * PRICES.r2Write +
    reads * PRICES.r2Read +
    running +
    ((R2.megabytes / 1000) * PRICES.r2GbMonth) / 30 +
    upstash * PRICES.upstashCommand;
  return {
    rows,
    rowsRead,
    upstash,
    operations: { object, queue, r2: R2.writes + reads },
    dollars: shared + together,
    dollarsAlone: shared + alone,
  };
}
