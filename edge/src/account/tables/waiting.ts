import type { EditStatus } from "../../../../shared/edit.ts";
import type { Id } from "../../../../shared/ids.ts";

/** Number of latest runs that determine the pace. */
const PACE_EDITS = 9;

/** The unfinished edits of an account together. */
export interface Unfinished {
  readonly count: number;
  readonly credits: number;
  /** The latest of their deadlines, Unix milliseconds; 0 if there is none. */
  readonly until: number;
}

/** What the line knows about a waiting or running edit. */
interface Open {
  readonly id: Id<"edit">;
  readonly status: EditStatus;
  readonly attempt: number;
  readonly credits: number;
  readonly deadlineAt: number;
  readonly sends: number;
}

/** An edit as it is stored now. */
export interface Moved extends Open {
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/**
 * The waiting and running edits as a line: what is ahead of the next one, and how fast the line moves. It is read from
 * the table once and then kept in memory, since every change asks for it, however long it is. The table of edits
 * reports every write to it; after a rolled-back transaction, the line is read again.
 */
export class WaitingTable {
  readonly #sql: SqlStorage;
  /** In row order. */
  #open: Map<string, Open> | null = null;
  /** Milliseconds per credit of the latest successful edits, newest last. */
  #paces: number[] | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** An edit was written. */
  moved({ id, status, attempt, credits, deadlineAt, sends, startedAt, finishedAt }: Moved): void {
    if (status === "queued" || status === "running")
      this.#open?.set(id, { id, status, attempt, credits, deadlineAt, sends });
    else this.#open?.delete(id);
    if (status !== "succeeded" || startedAt === null || finishedAt === null) return;
    this.#paces = this.#paces && [...this.#paces, (finishedAt - startedAt) / credits].slice(-PACE_EDITS);
  }

  /** An edit was deleted. */
  removed(id: string): void {
    this.#open?.delete(id);
  }

  /** Recent writes may have been rolled back. */
  forget(): void {
    this.#open = null;
    this.#paces = null;
  }

  unfinished(): Unfinished {
    let [credits, until] = [0, 0];
    for (const edit of this.#line().values()) {
      credits += edit.credits;
      until = Math.max(until, edit.deadlineAt);
    }
    return { count: this.#line().size, credits, until };
  }

  /** Whether the queue may get a message for one more edit, with none ahead of it in line. */
  isTurn(window: number): boolean {
    const sent = this.#sent();
    return sent === this.#line().size && sent < window;
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
    return line.slice(
      0,
      Math.max(
        0,
        line.findIndex((edit) => edit.id === id),
      ),
    );
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
        .exec<{
          id: Id<"edit">;
          status: EditStatus;
          attempt: number;
          credits: number;
          deadlineAt: number;
          sends: number;
        }>(
          `SELECT id, status, attempt, credits, deadline_at AS deadlineAt, sends FROM edits
           WHERE status IN ('queued', 'running') ORDER BY rowid`,
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

const isSent = ({ status, sends }: Open) => status === "running" || sends > 0;
