import { type DeliveryOutcome, nextTry } from "../../delivery.ts";
import type { DueTable } from "../tables/due.ts";
import type { EntryKind } from "./entries.ts";
import type { Ending, Lane, OutboxRow, OutboxTable } from "./outbox-table.ts";

/** The outbox's row in the table of due times. */
export const OUTBOX = "outbox";

/** Lanes open at a time: a worker has six connections, and storage and queue need some of them. */
const OPEN_LANES: Record<EntryKind, number> = { webhook: 3, meter: 1, usage: 1 };

/** Longer than any try lasts: an entry whose try was cut off with the object is due again then. */
const LEASE_MS = 60_000;

/** A usage report is owed for good: after a day it goes on at this distance. */
const OWED_MS = 12 * 3_600_000;

/** Lanes whose turns are remembered. */
const TURNS_MAX = 1_000;

/** What leaves at once on one lane; rows after the first are of usage reports alone. */
export type Rows = readonly [OutboxRow, ...OutboxRow[]];

interface DeliveriesContext {
  readonly outbox: OutboxTable;
  readonly due: DueTable;
  /** One try. */
  send(rows: Rows): Promise<DeliveryOutcome>;
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

  /** Opens as many lanes as may be open, and sets when to look again. */
  start(): void {
    const { outbox, due, change, keepAlive } = this.#context;
    const taken = change((now) => {
      const rows = this.#choose(outbox.lanes(now)).map((lane) => outbox.take(lane, LEASE_MS, now));
      const next = outbox.earliest(now);
      if (next === null) due.remove(OUTBOX);
      else due.set(OUTBOX, next);
      return rows;
    });
    for (const [first, ...rest] of taken) if (first !== undefined) keepAlive(this.#deliver([first, ...rest]));
  }

  /** Of the lanes with something due, those that may open now: the ones that waited longest for a turn. */
  #choose(lanes: readonly Lane[]): Lane[] {
    const free = { ...OPEN_LANES };
    for (const kind of this.#open.values()) free[kind] -= 1;
    return lanes
      .filter(({ lane }) => !this.#open.has(lane))
      .sort((a, b) => (this.#turns.get(a.lane) ?? 0) - (this.#turns.get(b.lane) ?? 0))
      .filter(({ kind }) => free[kind]-- > 0);
  }

  async #deliver(rows: Rows): Promise<void> {
    const { outbox, send, change } = this.#context;
    const [{ lane, kind }] = rows;
    this.#open.set(lane, kind);
    if (this.#turns.size >= TURNS_MAX) this.#turns.clear();
    this.#turns.set(lane, ++this.#turn);
    try {
      const outcome = await send(rows).catch(faultOfOurs);
      const [ending] = change((now) => {
        const endings = rows.map((row) => this.#settle(row, outcome, now));
        outbox.forget(now);
        return endings;
      });
      if (outcome.outcome !== "delivered") logFailure(rows, ending ?? null, outcome.reason);
    } finally {
      this.#open.delete(lane);
    }
    this.start();
  }

  /** How an entry ended; null where it is to be tried again. */
  #settle(row: OutboxRow, outcome: DeliveryOutcome, now: number): Ending | null {
    const { outbox } = this.#context;
    const again = outcome.outcome === "retry" ? this.#again(row, outcome.afterMs, now) : null;
    const reason = outcome.outcome === "delivered" ? null : outcome.reason;
    if (again !== null) {
      outbox.postpone(row.id, again, reason);
      return null;
    }
    const ending = outcome.outcome === "retry" ? "expired" : outcome.outcome;
    outbox.end(row.id, ending, reason, now);
    return ending;
  }

  #again({ kind, tries, createdAt }: OutboxRow, afterMs: number | undefined, now: number): number | null {
    const history = { tries, firstAt: createdAt, now, jitter: Math.random() };
    const next = nextTry(afterMs === undefined ? history : { ...history, afterMs });
    return next ?? (kind === "usage" ? now + OWED_MS : null);
  }
}

function logFailure(rows: Rows, ending: Ending | null, reason: string): void {
  const [{ kind, edit, tries }] = rows;
  const line = { event: "not_delivered", kind, edit, entries: rows.length, tries, ending, reason };
  console.warn(JSON.stringify(line));
}

/** A fault in the sending itself: the entry stays, the log says more. */
function faultOfOurs(error: unknown): DeliveryOutcome {
  console.error(JSON.stringify({ event: "delivery_fault", error: String(error) }));
  return { outcome: "retry", reason: "the delivery failed on our side" };
}
