import { type Id, newId } from "../../../../shared/ids.ts";
import { type Entry, type EntryKind, GATHER_MS } from "./entries.ts";

/** An entry on its way. Times are Unix milliseconds. */
export type OutboxRow = Entry & {
  /** Names the delivery to the other party, the same in every try. */
  readonly id: Id<"evt">;
  readonly createdAt: number;
  /** Tries begun, this one included. */
  readonly tries: number;
};

/** A lane with an entry that is due, and what leaves on it. */
export type Lane = Pick<Entry, "kind" | "lane">;

/** How an entry ended: delivered, no longer wanted, or given up after a day. */
export type Ending = "delivered" | "stopped" | "expired";

type Row = {
  id: string;
  kind: EntryKind;
  edit: string;
  lane: string;
  detail_json: string;
  created_at: number;
  tries: number;
};

/** How long, and how many at most, ended entries stay for whoever asks what became of them. */
const HISTORY_MS = 7 * 24 * 3_600_000;
const HISTORY_ROWS = 1_000;

/** Entries a usage report gathers at most. */
const GATHERED_MAX = 10_000;

/** The entries that leave an account, and what became of them. Calls belong inside a transaction. */
export class OutboxTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(entries: readonly Entry[], now: number): void {
    for (const { kind, edit, lane, detail } of entries)
      this.#sql.exec(
        `INSERT INTO outbox (id, kind, edit, lane, detail_json, state, created_at, tries, next_at)
         VALUES (?, ?, ?, ?, ?, 'pending', ?, 0, ?)`,
        newId("evt"),
        kind,
        edit,
        lane,
        JSON.stringify(detail),
        now,
        kind === "usage" ? now + GATHER_MS : now,
      );
  }

  /** Lanes with an entry that is due. */
  lanes(now: number): Lane[] {
    return this.#sql
      .exec<Lane>("SELECT DISTINCT kind, lane FROM outbox WHERE state = 'pending' AND next_at <= ?", now)
      .toArray();
  }

  /**
   * Takes what leaves next on a lane: one entry, new ones before repeated ones; of usage reports all that wait. It is
   * taken for `leaseMs`: where nobody says how it went, it is due again then.
   */
  take({ kind, lane }: Lane, leaseMs: number, now: number): OutboxRow[] {
    const all = kind === "usage";
    const rows = this.#sql
      .exec<Row>(
        `SELECT id, kind, edit, lane, detail_json, created_at, tries FROM outbox
         WHERE state = 'pending' AND lane = ? AND next_at <= ? ORDER BY tries > 0, next_at LIMIT ?`,
        lane,
        all ? Number.MAX_SAFE_INTEGER : now,
        all ? GATHERED_MAX : 1,
      )
      .toArray();
    for (const { id } of rows)
      this.#sql.exec(
        "UPDATE outbox SET tries = tries + 1, next_at = ?, reason = NULL WHERE id = ?",
        now + leaseMs,
        id,
      );
    return rows.map(entryOf);
  }

  /** The entry is to be tried again. */
  postpone(id: string, nextAt: number, reason: string | null): void {
    this.#sql.exec("UPDATE outbox SET next_at = ?, reason = ? WHERE id = ?", nextAt, reason, id);
  }

  /** The entry is done with; how it went stays, where it went does not. */
  end(id: string, state: Ending, reason: string | null, now: number): void {
    this.#sql.exec(
      "UPDATE outbox SET state = ?, reason = ?, ended_at = ?, detail_json = '{}' WHERE id = ? AND state = 'pending'",
      state,
      reason,
      now,
      id,
    );
  }

  /** Forgets what ended long ago. */
  forget(now: number): void {
    this.#sql.exec(
      `DELETE FROM outbox WHERE ended_at < max(?, coalesce(
         (SELECT ended_at FROM outbox WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1 OFFSET ?), 0))`,
      now - HISTORY_MS,
      HISTORY_ROWS - 1,
    );
  }

  /** When the first entry is due, of those that are due after `since`. */
  earliest(since = 0): number | null {
    return this.#sql
      .exec<{ at: number | null }>(
        "SELECT min(next_at) AS at FROM outbox WHERE state = 'pending' AND next_at > ?",
        since,
      )
      .one().at;
  }
}

function entryOf({ id, kind, edit, lane, detail_json, created_at, tries }: Row): OutboxRow {
  const row = {
    id,
    kind,
    edit,
    lane,
    detail: JSON.parse(detail_json),
    createdAt: created_at,
    tries: tries + 1,
  };
  return row as OutboxRow;
}
