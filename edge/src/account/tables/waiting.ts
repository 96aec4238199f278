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

/** The edits that wait or run, as a line: what is in front of the next one, and how fast it moves. */
export class WaitingTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  unfinished(): Unfinished {
    return this.#sql
      .exec<{ count: number; credits: number; until: number }>(
        `SELECT count(*) AS count, coalesce(sum(credits), 0) AS credits, coalesce(max(deadline_at), 0) AS until
         FROM edits WHERE status IN ('queued', 'running')`,
      )
      .one();
  }

  /** Whether the queue may have a message for one more, with none before it in line. */
  isTurn(window: number): boolean {
    const { count, sent } = this.#sql
      .exec<{ count: number; sent: number }>(
        `SELECT count(*) AS count, coalesce(sum(status = 'running' OR sends > 0), 0) AS sent
         FROM edits WHERE status IN ('queued', 'running')`,
      )
      .one();
    return sent === count && sent < window;
  }

  /** The oldest edits that the queue has no message for, as many as fit beside those that it has. */
  next(window: number): Id<"edit">[] {
    const { sent } = this.#sql
      .exec<{ sent: number }>(
        `SELECT count(*) AS sent FROM edits
         WHERE status IN ('queued', 'running') AND (status = 'running' OR sends > 0)`,
      )
      .one();
    return this.#sql
      .exec<{ id: string }>(
        `SELECT id FROM edits WHERE status IN ('queued', 'running') AND status = 'queued' AND sends = 0
         ORDER BY rowid LIMIT ?`,
        Math.max(0, window - sent),
      )
      .toArray()
      .map(({ id }) => id as Id<"edit">);
  }

  /**
   * Milliseconds from claim to end, for each credit, of the middle one of the latest edits that succeeded: one that
   * waited for a cold start does not count for more than one. Null if there is none.
   */
  msPerCredit(): number | null {
    const times = this.#sql
      .exec<{ ms: number }>(
        `SELECT CAST(finished_at - started_at AS REAL) / credits AS ms FROM edits
         WHERE status = 'succeeded' ORDER BY rowid DESC LIMIT ?`,
        PACE_EDITS,
      )
      .toArray()
      .map(({ ms }) => ms)
      .sort((a, b) => a - b);
    return times[Math.floor(times.length / 2)] ?? null;
  }
}
