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

/** What the rest of the account knows of an entry. */
interface EntryOf {
  readonly edit?: string;
  readonly reason?: string;
  readonly reference?: string;
}

/** The ledger's rows. Calls belong inside the transaction of the change that they pay for. */
export class LedgerTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  totals(): Totals {
    const last = this.#sql.exec<{ available: number; held: number }>(
      "SELECT available_after AS available, held_after AS held FROM ledger ORDER BY seq DESC LIMIT 1",
    );
    return last.toArray()[0] ?? NOTHING;
  }

  /** Adds credits, or takes some back (a negative amount). @throws LedgerError if it is no whole number, or 0 */
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

  /** Ends the hold of an edit: `captured` of its credits are charged. @throws LedgerError if none is open */
  settle(edit: string, before: Hold, captured: number, now: number): void {
    this.#write(settle(this.totals(), before, captured), now, { edit });
  }

  #write({ kind, available, held, after }: Posting, now: number, of: EntryOf): void {
    this.#sql.exec(
      `INSERT INTO ledger (at, kind, available, held, available_after, held_after, edit, reason, reference)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      now,
      kind,
      available,
      held,
      after.available,
      after.held,
      of.edit ?? null,
      of.reason ?? null,
      of.reference ?? null,
    );
  }
}
