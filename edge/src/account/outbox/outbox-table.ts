import { type Id, newId } from "../../../../shared/ids.ts";
import { type Entry, type EntryKind, GATHER_MS } from "./entries.ts";

/** An outbox entry. Times are Unix milliseconds. */
export type OutboxRow = Entry & {
  /** Id of the delivery for the receiver, the same on every try. */
  readonly id: Id<"evt">;
  /** Its row in the table. */
  readonly seq: number;
  readonly createdAt: number;
  /** Failed tries so far, plus the current one. */
  readonly tries: number;
};

/** A lane with entries, and when the first of them is due. */
export type Lane = Pick<Entry, "kind" | "lane"> & { readonly dueAt: number };

/** How an undelivered entry ended: no longer wanted, or given up after a day. */
export type Ending = "stopped" | "expired";

type Row = {
  seq: number;
  id: string;
  kind: EntryKind;
  edit: string;
  lane: string;
  detail_json: string;
  created_at: number;
  tries: number;
};

/** How long ended entries are kept as a record, and how many at most. */
const HISTORY_MS = 7 * 24 * 3_600_000;
const HISTORY_ROWS = 1_000;

/** Entries of a lane that are sent together: a few per host; all batched entries of a usage report. */
const TOGETHER: Record<EntryKind, number> = { webhook: 4, meter: 1, usage: 10_000 };

/** The entries to be sent from an account, and the outcome of those that ended. Calls must be inside a transaction. */
export class OutboxTable {
  readonly #sql: SqlStorage;
  /** What `lanes` read; null after a write. Most edits have no one to tell, and every change of an account asks. */
  #lanes: readonly Lane[] | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(entries: readonly Entry[], now: number): void {
    for (const entry of entries)
      if (entry.kind !== "meter" || !this.#covers(entry, now)) this.#insert(entry, now);
  }

  /** Whether an entry that has not been sent yet covers the capture: then nothing is written. */
  #covers({ lane, detail }: Extract<Entry, { kind: "meter" }>, now: number): boolean {
    if (!("from" in detail)) return false;
    const covering = this.#sql.exec(
      `SELECT 1 FROM outbox WHERE state = 'pending' AND lane = ? AND next_at > ? AND tries = 0
         AND json_extract(detail_json, '$.below') > ? LIMIT 1`,
      lane,
      now,
      detail.from,
    );
    return covering.toArray().length > 0;
  }

  /** The first row of the ledger with a capture that is not metered yet; null if there is none. */
  unmeteredFrom(): number | null {
    return this.#sql
      .exec<{ row: number | null }>(
        `SELECT min(json_extract(detail_json, '$.from')) AS row FROM outbox
         WHERE state = 'pending' AND lane = 'meter'`,
      )
      .one().row;
  }

  #insert({ kind, edit, lane, detail }: Entry, now: number): void {
    this.#sql.exec(
      `INSERT INTO outbox (id, kind, edit, lane, detail_json, state, created_at, tries, next_at)
       VALUES (?, ?, ?, ?, ?, 'pending', ?, 0, ?)`,
      newId("evt"),
      kind,
      edit,
      lane,
      JSON.stringify(detail),
      now,
      now + GATHER_MS[kind],
    );
    this.#lanes = null;
  }

  /** All lanes with entries. Each is found by one index lookup, however many entries it has. */
  lanes(): readonly Lane[] {
    this.#lanes ??= this.#sql
      .exec<Lane>(
        `WITH RECURSIVE lanes (lane) AS (
           SELECT min(lane) FROM outbox WHERE state = 'pending'
           UNION ALL
           SELECT (SELECT min(lane) FROM outbox WHERE state = 'pending' AND lane > lanes.lane)
           FROM lanes WHERE lanes.lane IS NOT NULL)
         SELECT outbox.kind, outbox.lane, min(outbox.next_at) AS dueAt FROM lanes
         JOIN outbox ON outbox.state = 'pending' AND outbox.lane = lanes.lane GROUP BY outbox.lane`,
      )
      .toArray();
    return this.#lanes;
  }

  /** The next entries to send on a lane, new ones before retries; for usage reports, all that wait. */
  next({ kind, lane }: Pick<Lane, "kind" | "lane">, now: number): OutboxRow[] {
    return this.#sql
      .exec<Row>(
        `SELECT seq, id, kind, edit, lane, detail_json, created_at, tries FROM outbox
         WHERE state = 'pending' AND lane = ? AND next_at <= ? ORDER BY tries > 0, next_at LIMIT ?`,
        lane,
        kind === "usage" ? Number.MAX_SAFE_INTEGER : now,
        TOGETHER[kind],
      )
      .toArray()
      .map(entryOf);
  }

  /** The entry was delivered: nothing of it is kept. */
  remove(seq: number): void {
    this.#sql.exec("DELETE FROM outbox WHERE seq = ?", seq);
    this.#lanes = null;
  }

  /** The try failed; the entry will be retried. */
  postpone(seq: number, nextAt: number, reason: string | null): void {
    this.#sql.exec(
      "UPDATE outbox SET next_at = ?, reason = ?, tries = tries + 1 WHERE seq = ?",
      nextAt,
      reason,
      seq,
    );
    this.#lanes = null;
  }

  /** The entry is given up; the reason is kept, the destination is not. */
  end(seq: number, state: Ending, reason: string | null, now: number): void {
    this.#sql.exec(
      `UPDATE outbox SET state = ?, reason = ?, ended_at = ?, tries = tries + 1, detail_json = '{}'
       WHERE seq = ? AND state = 'pending'`,
      state,
      reason,
      now,
      seq,
    );
    this.#lanes = null;
  }

  /** Deletes entries that ended long ago. */
  forgetEnded(now: number): void {
    this.#sql.exec(
      `DELETE FROM outbox WHERE ended_at < max(?, coalesce(
         (SELECT ended_at FROM outbox WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1 OFFSET ?), 0))`,
      now - HISTORY_MS,
      HISTORY_ROWS - 1,
    );
  }

  /** Recent writes may have been rolled back. */
  forget(): void {
    this.#lanes = null;
  }
}

function entryOf({ seq, id, kind, edit, lane, detail_json, created_at, tries }: Row): OutboxRow {
  const row = {
    seq,
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
