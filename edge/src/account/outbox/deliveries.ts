import { type DeliveryOutcome, nextTry } from "../../delivery.ts";
import type { EntryKind } from "./entries.ts";
import type { Ending, Lane, OutboxRow, OutboxTable } from "./outbox-table.ts";

/** Lanes open at a time. A worker has six connections, and what is beyond waits for one of them. */
const OPEN_LANES: Record<EntryKind, number> = { webhook: 20, meter: 1, usage: 1 };

/** Longer than any try lasts: by then an object that died meanwhile looks again. */
const LEASE_MS = 60_000;

/** Money and usage are owed for good: after a day they are tried again at this distance. */
const OWED_MS = 12 * 3_600_000;

/** Lanes whose turns are remembered. */
const TURNS_MAX = 1_000;

/** What leaves at once on one lane. */
export type Rows = readonly [OutboxRow, ...OutboxRow[]];

interface DeliveriesContext {
  readonly outbox: OutboxTable;
  /** One try for each of the rows, in their order. */
  send(rows: Rows): Promise<readonly DeliveryOutcome[]>;
  /** Runs a step in one transaction. */
  change<T>(step: (now: number) => T): T;
  /** Keeps the object alive for work that nobody waits for. */
  keepAlive(work: Promise<void>): void;
}

/**
 * Sends what is due in the outbox, beside all else that the object does: nobody waits for a delivery, and a lane that
 * keeps silent holds up only itself.
 */
export class Deliveries {
  readonly #context: DeliveriesContext;
  readonly #open = new Map<Lane["lane"], EntryKind>();
  /** When a lane last had its turn, so that lanes take turns. */
  readonly #turns = new Map<Lane["lane"], number>();
  #turn = 0;

  constructor(context: DeliveriesContext) {
    this.#context = context;
  }

  /** Opens as many lanes as may be open. */
  start(): void {
    const { outbox, change, keepAlive } = this.#context;
    const taken = change((now) => {
      const due = outbox.lanes().filter(({ dueAt }) => dueAt <= now);
      return this.#choose(due).map((lane) => outbox.next(lane, now));
    });
    for (const [first, ...rest] of taken) if (first !== undefined) keepAlive(this.#deliver([first, ...rest]));
  }

  /**
   * When to look again (Unix milliseconds); null if nothing is to leave. Who closes a lane looks by itself: the time for
   * an open lane, or one that waits for another to close, only matters if this object dies meanwhile.
   */
  nextAt(now: number): number | null {
    const free = this.#free();
    const times = this.#context.outbox
      .lanes()
      .map(({ lane, kind, dueAt }) => (this.#open.has(lane) || free[kind] <= 0 ? now + LEASE_MS : dueAt));
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Of the lanes with something due, those that may open now: the ones that waited longest for a turn. */
  #choose(lanes: readonly Lane[]): Lane[] {
    const free = this.#free();
    return lanes
      .filter(({ lane }) => !this.#open.has(lane))
      .sort((a, b) => (this.#turns.get(a.lane) ?? 0) - (this.#turns.get(b.lane) ?? 0))
      .filter(({ kind }) => free[kind]-- > 0);
  }

  /** Lanes that may open, by kind. */
  #free(): Record<EntryKind, number> {
    const free = { ...OPEN_LANES };
    for (const kind of this.#open.values()) free[kind] -= 1;
    return free;
  }

  async #deliver(rows: Rows): Promise<void> {
    const { outbox, send, change } = this.#context;
    const [{ lane, kind }] = rows;
    this.#open.set(lane, kind);
    if (this.#turns.size >= TURNS_MAX) this.#turns.clear();
    this.#turns.set(lane, ++this.#turn);
    try {
      const outcomes = await send(rows).catch((error: unknown) => rows.map(() => faultOfOurs(error)));
      const failed = change((now) => {
        const endings = rows.map((row, index) => this.#settle(row, outcomes[index] ?? UNSENT, now));
        outbox.forget(now);
        return endings;
      });
      logFailures(rows, outcomes, failed);
    } finally {
      this.#open.delete(lane);
    }
    this.start();
  }

  /** How an entry ended; null if it arrived, or is to be tried again. */
  #settle(row: OutboxRow, outcome: DeliveryOutcome, now: number): Ending | null {
    const { outbox } = this.#context;
    if (outcome.outcome === "delivered") {
      outbox.remove(row.seq);
      return null;
    }
    const again = outcome.outcome === "retry" ? this.#again(row, outcome.afterMs, now) : null;
    if (again !== null) {
      outbox.postpone(row.seq, again, outcome.reason);
      return null;
    }
    const ending = outcome.outcome === "retry" ? "expired" : "stopped";
    outbox.end(row.seq, ending, outcome.reason, now);
    return ending;
  }

  #again({ kind, tries, createdAt }: OutboxRow, afterMs: number | undefined, now: number): number | null {
    const history = { tries, firstAt: createdAt, now, jitter: Math.random() };
    const next = nextTry(afterMs === undefined ? history : { ...history, afterMs });
    return next ?? (kind === "webhook" ? null : now + OWED_MS);
  }
}

/** One line for a lane, however many of its entries failed. */
function logFailures(
  rows: Rows,
  outcomes: readonly DeliveryOutcome[],
  endings: readonly (Ending | null)[],
): void {
  const index = outcomes.findIndex(({ outcome }) => outcome !== "delivered");
  const [row, outcome] = [rows[index], outcomes[index]];
  if (row === undefined || outcome === undefined || outcome.outcome === "delivered") return;
  const { kind, edit, tries } = row;
  const failed = outcomes.filter(({ outcome }) => outcome !== "delivered").length;
  const { reason } = outcome;
  const line = { event: "not_delivered", kind, edit, entries: failed, tries, ending: endings[index], reason };
  console.warn(JSON.stringify(line));
}

const UNSENT = { outcome: "retry", reason: "it was not sent" } as const;

/** A fault in the sending itself: the entry stays, the log says more. */
function faultOfOurs(error: unknown): DeliveryOutcome {
  console.error(JSON.stringify({ event: "delivery_fault", error: String(error) }));
  return { outcome: "retry", reason: "the delivery failed on our side" };
}
