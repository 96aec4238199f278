import type { EditStatus } from "../../../../shared/edit.ts";
import type { Id } from "../../../../shared/ids.ts";

/** Edits whose latest runs tell how fast edits are made. */
const PACE_EDITS = 9;

/** Unfinished edits of an account together. */
export interface Unfinished {
  readonly count: number;
  readonly credits: number;
  /** The latest of their deadlines, Unix milliseconds; 0 where there is none. */
  readonly until: number;
}

/** What the line knows of an edit that waits or runs. */
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
 * The edits that wait or run, as a line: what is in front of the next one, and how fast it moves. Read from the table
 * once and then kept in memory, since each change asks for it, however long it is. The table of edits tells of all that
 * it writes; after a transaction that was undone, the line is read anew.
 */
export class WaitingTable {
  readonly #sql: SqlStorage;
  /** In the order of their rows. */
  #open: Map<string, Open> | null = null;
  /** Milliseconds a credit of the latest edits that succeeded, the latest last. */
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

  /** An edit is gone. */
  removed(id: string): void {
    this.#open?.delete(id);
  }

  /** What was written since may have been undone. */
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

  /** Whether the queue may have a message for one more, with none before it in line. */
  isTurn(window: number): boolean {
    const sent = this.#sent();
    return sent === this.#line().size && sent < window;
  }

  /** The oldest edits that the queue has no message for, as many as fit beside those that it has. */
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

  /** Those that came before one. */
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
   * Milliseconds from claim to end, for each credit, of the middle one of the latest edits that succeeded: one that
   * waited for a cold start does not count for more than one. Null if there is none.
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
