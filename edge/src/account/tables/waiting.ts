import { isFinal } from "../../../../shared/edit.ts";
import type { Id } from "../../../../shared/ids.ts";
import { dueAt, type Timed } from "../rules/lifecycle.ts";

/** Number of latest runs that determine the pace. */
const PACE_EDITS = 9;

/** The unfinished edits of an account together. */
export interface Unfinished {
  readonly count: number;
  readonly credits: number;
  /** The latest of their deadlines, Unix milliseconds; 0 if there is none. */
  readonly until: number;
}

/** What the line knows about a waiting or running edit. Its lease may have been renewed since. */
type Open = Timed & {
  readonly id: Id<"edit">;
  readonly attempt: number;
  readonly credits: number;
  readonly sends: number;
};

/** An edit as it is stored now. */
export type Moved = Open & { readonly startedAt: number | null; readonly finishedAt: number | null };

/**
 * The waiting and running edits as a line: what is ahead of the next one, and how fast the line moves. It is read from
 * the table once and then kept in memory, since every change asks for it, however long it is. The table of edits
 * reports every write to it; after a rolled-back transaction, the line is read again.
 */
export class WaitingTable {
  readonly #sql: SqlStorage;
  /** In row order. */
  #open: Map<string, Open> | null = null;
  /** The sums over it; null if they must be formed again. */
  #unfinished: Unfinished | null = null;
  /** Milliseconds per credit of the latest successful edits, newest last. */
  #paces: number[] | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** An edit was written. */
  moved(edit: Moved): void {
    const { startedAt, finishedAt } = edit;
    const { id, status, attempt, credits, sends, deadlineAt, sendAt, leaseUntil, expiresAt } = edit;
    if (isFinal(edit)) this.removed(id);
    else {
      if (this.#open?.has(id) === false) this.#unfinished &&= withOne(this.#unfinished, edit);
      // not the whole edit: what is moved may have its input too
      const open = { id, status, attempt, credits, sends, deadlineAt, sendAt, leaseUntil, expiresAt };
      this.#open?.set(id, open);
    }
    if (status !== "succeeded" || startedAt === null || finishedAt === null) return;
    this.#paces = this.#paces && [...this.#paces, (finishedAt - startedAt) / credits].slice(-PACE_EDITS);
  }

  /** An edit was deleted. */
  removed(id: string): void {
    const edit = this.#open?.get(id);
    if (edit === undefined) return;
    this.#open?.delete(id);
    this.#unfinished &&= withoutOne(this.#unfinished, edit);
  }

  /** Recent writes may have been rolled back. */
  forget(): void {
    this.#open = null;
    this.#unfinished = null;
    this.#paces = null;
  }

  unfinished(): Unfinished {
    this.#unfinished ??= [...this.#line().values()].reduce(withOne, NONE);
    return this.#unfinished;
  }

  /** Edits that must be checked by now, in row order, and when the next one must be (Infinity: none). */
  due(now: number): { readonly edits: readonly Id<"edit">[]; readonly nextAt: number } {
    const edits: Id<"edit">[] = [];
    let nextAt = Number.POSITIVE_INFINITY;
    for (const edit of this.#line().values()) {
      const at = dueAt(edit);
      if (at <= now) edits.push(edit.id);
      else nextAt = Math.min(nextAt, at);
    }
    return { edits, nextAt };
  }

  /** Whether the queue may get a message for one more edit, with none ahead of it in line. */
  isTurn(window: number): boolean {
    const { size } = this.#line();
    return size < window && this.#sent() === size;
  }

  /** The oldest edits without a message in the queue, as many as it has room for. */
  next(window: number): Id<"edit">[] {
    const free = window - this.#sent();
    const next: Id<"edit">[] = [];
    if (free <= 0) return next;
    for (const edit of this.#line().values()) {
      if (isSent(edit)) continue;
      next.push(edit.id);
      if (next.length === free) break;
    }
    return next;
  }

  /** The edits that came before one. */
  before(id: string): Pick<Open, "id" | "status" | "attempt">[] {
    const line = [...this.#line().values()];
    const place = line.findIndex((edit) => edit.id === id);
    return line.slice(0, Math.max(0, place));
  }

  /**
   * Milliseconds per credit from claim to end: the median of the latest successful edits, so that one that waited for a
   * cold start counts no more than any other. Null if there is none.
   */
  msPerCredit(): number | null {
    const times = this.#latest().toSorted((a, b) => a - b);
    return times[Math.floor(times.length / 2)] ?? null;
  }

  #sent(): number {
    let sent = 0;
    for (const edit of this.#line().values()) if (isSent(edit)) sent += 1;
    return sent;
  }

  #line(): Map<string, Open> {
    this.#open ??= new Map(
      this.#sql
        .exec<Open & Record<string, SqlStorageValue>>(
          `SELECT id, status, attempt, credits, sends, deadline_at AS deadlineAt, send_at AS sendAt,
             lease_until AS leaseUntil, expires_at AS expiresAt FROM edits
           WHERE finished_at IS NULL ORDER BY rowid`,
        )
        .toArray()
        .map((edit) => [edit.id, edit]),
    );
    return this.#open;
  }

  #latest(): number[] {
    this.#paces ??= this.#sql
      .exec<{ ms: number }>(
        `SELECT CAST(finished_at - started_at AS REAL) / credits AS ms FROM edits
         WHERE status = 'succeeded' ORDER BY rowid DESC LIMIT ?`,
        PACE_EDITS,
      )
      .toArray()
      .map(({ ms }) => ms)
      .reverse();
    return this.#paces;
  }
}

const NONE: Unfinished = { count: 0, credits: 0, until: 0 };

const withOne = ({ count, credits, until }: Unfinished, edit: Open): Unfinished => ({
  count: count + 1,
  credits: credits + edit.credits,
  until: Math.max(until, edit.deadlineAt),
});

/** Null if the latest deadline may have been its own. That is rare: mostly the oldest edit ends. */
const withoutOne = ({ count, credits, until }: Unfinished, edit: Open): Unfinished | null =>
  edit.deadlineAt < until ? { count: count - 1, credits: credits - edit.credits, until } : null;

const isSent = ({ status, sends }: Open) => status === "running" || sends > 0;
