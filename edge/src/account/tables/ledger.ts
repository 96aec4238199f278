import type { Id } from "../../../../shared/ids.ts";
import type { Capture, Metered } from "../outbox/entries.ts";
import {
  credit,
  debit,
  type Hold,
  hold,
  NOTHING,
  type Posting,
  settle,
  type Totals,
} from "../rules/ledger.ts";

/** An entry as the rest of the account sees it. */
interface EntryOf {
  readonly edit?: string;
  readonly reason?: string;
  readonly reference?: string;
}

/** An entry as it is stored. */
export type StoredEntry = {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly available: number;
  readonly held: number;
  readonly available_after: number;
  readonly held_after: number;
  readonly edit: string | null;
  readonly reason: string | null;
  readonly reference: string | null;
};

/** The ledger's rows. Calls must be inside the transaction of the change that they pay for. */
export class LedgerTable {
  readonly #sql: SqlStorage;
  /** The sums after the latest row; null if they must be read. Every new row carries its own. */
  #totals: Totals | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  totals(): Totals {
    this.#totals ??=
      this.#sql
        .exec<{ available: number; held: number }>(
          "SELECT available_after AS available, held_after AS held FROM ledger ORDER BY seq DESC LIMIT 1",
        )
        .toArray()[0] ?? NOTHING;
    return this.#totals;
  }

  /** Recent writes may have been rolled back. */
  forget(): void {
    this.#totals = null;
  }

  /** Adds credits, or takes some back (a negative amount). @throws LedgerError if it is not a whole number, or is 0 */
  post(amount: number, reason: string, reference: string, now: number): void {
    const posted = amount < 0 ? debit(this.totals(), -amount) : credit(this.totals(), amount);
    this.#write(posted, now, { reason, reference });
  }

  /** Holds credits for an edit; false if there are too few, and then nothing is written. */
  hold(edit: string, amount: number, now: number): boolean {
    const held = hold(this.totals(), { state: "none" }, amount);
    if (held === null) return false;
    this.#write(held, now, { edit });
    return true;
  }

  /**
   * Ends the hold of an edit: `captured` of its credits are charged. Returns the row.
   * @throws LedgerError if none is open
   */
  settle(edit: string, before: Hold, captured: number, now: number): number {
    return this.#write(settle(this.totals(), before, captured), now, { edit });
  }

  /** A capture takes from what is held, and gives the rest back. */
  captures({ from, below, until }: Metered): Capture[] {
    return this.#sql
      .exec<{ edit: string; credits: number; at: number }>(
        `SELECT edit, -(available + held) AS credits, at FROM ledger
         WHERE kind = 'capture' AND seq >= ? AND seq < ? AND at < ? ORDER BY seq`,
        from,
        below,
        until,
      )
      .toArray()
      .map(({ edit, ...capture }) => ({ ...capture, edit: edit as Id<"edit"> }));
  }

  /** The oldest entries that are not rolled up, in order: those made before a time, in rows below one (null: in any). */
  oldest(before: number, below: number | null, limit: number): StoredEntry[] {
    return this.#sql
      .exec<StoredEntry>(
        "SELECT * FROM ledger WHERE kind <> 'rollup' AND at < ? AND seq < ? ORDER BY seq LIMIT ?",
        before,
        below ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .toArray();
  }

  /** Replaces consecutive entries of a day, and the day's earlier rollup, by one entry. */
  rollUp(day: string, entries: readonly StoredEntry[]): void {
    const [first, last] = [entries[0], entries.at(-1)];
    if (first === undefined || last === undefined) return;
    const before = this.#sql
      .exec<{ available: number; held: number }>(
        `SELECT coalesce(sum(available), 0) AS available, coalesce(sum(held), 0) AS held FROM ledger
         WHERE kind = 'rollup' AND reason = ?`,
        day,
      )
      .one();
    this.#sql.exec("DELETE FROM ledger WHERE kind = 'rollup' AND reason = ?", day);
    this.#sql.exec("DELETE FROM ledger WHERE seq BETWEEN ? AND ? AND kind <> 'rollup'", first.seq, last.seq);
    const sum = (of: "available" | "held") => entries.reduce((total, entry) => total + entry[of], before[of]);
    this.#sql.exec(
      `INSERT INTO ledger (seq, at, kind, available, held, available_after, held_after, reason)
       VALUES (?, ?, 'rollup', ?, ?, ?, ?, ?)`,
      last.seq,
      last.at,
      sum("available"),
      sum("held"),
      last.available_after,
      last.held_after,
      day,
    );
  }

  #write({ kind, available, held, after }: Posting, now: number, of: EntryOf): number {
    const { seq } = this.#sql
      .exec<{ seq: number }>(
        `INSERT INTO ledger (at, kind, available, held, available_after, held_after, edit, reason, reference)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`,
        now,
        kind,
        available,
        held,
        after.available,
        after.held,
        of.edit ?? null,
        of.reason ?? null,
        of.reference ?? null,
      )
      .one();
    this.#totals = after;
    return seq;
  }
}
