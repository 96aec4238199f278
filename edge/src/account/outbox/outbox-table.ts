import { type Id, newId } from "../../../../shared/ids.ts";
import { CAPTURES_MAX, type Entry, type EntryKind, GATHER_MS } from "./entries.ts";

/** An entry on its way. Times are Unix milliseconds. */
export type OutboxRow = Entry & {
  /** Names the delivery to the other party, the same in every try. */
  readonly id: Id<"evt">;
  /** Its row in the table. */
  readonly seq: number;
  readonly createdAt: number;
  /** Tries that failed, and this one. */
  readonly tries: number;
};

/** A lane with entries, and when the first of them is due. */
export type Lane = Pick<Entry, "kind" | "lane"> & { readonly dueAt: number };

/** How an entry ended that was not delivered: no longer wanted, or given up after a day. */
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

/** How long, and how many at most, ended entries stay for whoever asks what became of them. */
const HISTORY_MS = 7 * 24 * 3_600_000;
const HISTORY_ROWS = 1_000;

/** Entries of a lane that leave together: at one host so many at a time; of a usage report all that were gathered. */
const TOGETHER: Record<EntryKind, number> = { webhook: 4, meter: 1, usage: 10_000 };

/** The entries that leave an account, and what became of them. Calls belong inside a transaction. */
export class OutboxTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(entries: readonly Entry[], now: number): void {
    for (const entry of entries)
      if (entry.kind !== "meter" || !this.#joins(entry, now)) this.#insert(entry, now);
  }

  /** Captures gather in an entry that has not left yet: a row is changed where each would be one. */
  #joins({ lane, detail }: Extract<Entry, { kind: "meter" }>, now: number): boolean {
    const [capture] = detail.captures;
    const { rowsWritten } = this.#sql.exec(
      `UPDATE outbox SET detail_json = json_insert(detail_json, '$.captures[#]', json(?))
       WHERE state = 'pending' AND lane = ? AND next_at > ? AND tries = 0
         AND json_array_length(detail_json, '$.captures') < ?`,
      JSON.stringify(capture),
      lane,
      now,
      CAPTURES_MAX,
    );
    return rowsWritten > 0;
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
  }

  /** All lanes with entries. Each is found by one look into the index, however many entries it has. */
  lanes(): Lane[] {
    return this.#sql
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
  }

  /** What leaves next on a lane, new entries before repeated ones; of usage reports all that wait. */
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

  /** The entry has arrived: nothing of it is kept. */
  remove(seq: number): void {
    this.#sql.exec("DELETE FROM outbox WHERE seq = ?", seq);
  }

  /** The try failed; the entry is to be tried again. */
  postpone(seq: number, nextAt: number, reason: string | null): void {
    this.#sql.exec(
      "UPDATE outbox SET next_at = ?, reason = ?, tries = tries + 1 WHERE seq = ?",
      nextAt,
      reason,
      seq,
    );
  }

  /** The entry is given up; why stays, where it was to go does not. */
  end(seq: number, state: Ending, reason: string | null, now: number): void {
    this.#sql.exec(
      `UPDATE outbox SET state = ?, reason = ?, ended_at = ?, tries = tries + 1, detail_json = '{}'
       WHERE seq = ? AND state = 'pending'`,
      state,
      reason,
      now,
      seq,
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
