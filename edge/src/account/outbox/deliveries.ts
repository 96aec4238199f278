import { type DeliveryOutcome, nextTry } from "../../delivery.ts";
import type { EntryKind } from "./entries.ts";
import type { Ending, Lane, OutboxRow, OutboxTable } from "./outbox-table.ts";

/** Maximum number of open lanes. A worker has six connections; anything beyond waits for one of them. */
const OPEN_LANES: Record<EntryKind, number> = { webhook: 20, meter: 1, usage: 1 };

/** Longer than any try lasts: if the object dies during a try, it looks again at this time. */
const LEASE_MS = 60_000;

/** Captures and usage must be delivered eventually: after a day they are retried at this interval. */
const OWED_MS = 12 * 3_600_000;

/** Number of lanes whose last turn is remembered. */
const TURNS_MAX = 1_000;

/** What is sent at once on one lane. */
export type Rows = readonly [OutboxRow, ...OutboxRow[]];

interface DeliveriesContext {
  readonly outbox: OutboxTable;
  /** Makes one try for each row; results in the same order. */
  send(rows: Rows): Promise<readonly DeliveryOutcome[]>;
  /** Runs a step in one transaction. */
  change<T>(step: (now: number) => T): T;
  /** Keeps the object alive for work that no caller awaits. */
  keepAlive(work: Promise<void>): void;
}

/**
 * Sends the due entries of the outbox alongside the object's other work: no caller waits for a delivery, and a lane
 * whose receiver does not answer delays only itself.
 */
export class Deliveries {
  readonly #context: DeliveriesContext;
  readonly #open = new Map<Lane["lane"], EntryKind>();
  /** When each lane last had its turn, so that lanes alternate. */
  readonly #turns = new Map<Lane["lane"], number>();
  #turn = 0;

  constructor(context: DeliveriesContext) {
    this.#context = context;
  }

  /** Opens as many lanes as allowed; mostly none has anything due. */
  start(): void {
    const now = Date.now();
    if (this.#context.outbox.lanes().some(({ dueAt }) => dueAt <= now)) this.#openDue();
  }

  #openDue(): void {
    const { outbox, change, keepAlive } = this.#context;
    const taken = change((now) => {
      const due = outbox.lanes().filter(({ dueAt }) => dueAt <= now);
      return this.#choose(due).map((lane) => outbox.next(lane, now));
    });
    for (const [first, ...rest] of taken) if (first !== undefined) keepAlive(this.#deliver([first, ...rest]));
  }

  /**
   * When to look again (Unix milliseconds); null if nothing is left to send. A lane that closes triggers the next look
   * itself, so the time for an open lane, or for one that waits for another to close, matters only if this object dies
   * meanwhile.
   */
  nextAt(now: number): number | null {
    const free = this.#free();
    const times = this.#context.outbox
      .lanes()
      .map(({ lane, kind, dueAt }) => (this.#open.has(lane) || free[kind] <= 0 ? now + LEASE_MS : dueAt));
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Of the lanes with due entries, those that may open now, longest wait first. */
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
        outbox.forgetEnded(now);
        return endings;
      });
      logFailures(rows, outcomes, failed);
    } finally {
      this.#open.delete(lane);
    }
    // even if nothing is due: the alarm counted on this lane to look again
    this.#openDue();
  }

  /** How an entry ended; null if it was delivered or will be retried. */
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

/** One log line per lane, no matter how many of its entries failed. */
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

/** An error in sending itself: the entry stays, and the log has the details. */
function faultOfOurs(error: unknown): DeliveryOutcome {
  console.error(JSON.stringify({ event: "delivery_fault", error: String(error) }));
  return { outcome: "retry", reason: "the delivery failed on our side" };
}
