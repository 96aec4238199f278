import {
  credit,
  type EntryKind,
  type Hold,
  hold,
  holdOf,
  NOTHING,
  type Posting,
  settle,
  type Totals,
} from "../rules/ledger.ts";

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

  /** Adds credits; a reference counts once. */
  credit(amount: number, reason: string, reference: string, now: number): void {
    const known = this.#sql.exec("SELECT 1 FROM ledger WHERE reference = ?", reference).toArray();
    if (known.length === 0) this.#write(credit(this.totals(), amount), now, { reason, reference });
  }

  /** Holds credits for an edit; false where there are too few, and then nothing is written. */
  hold(edit: string, amount: number, now: number): boolean {
    const held = hold(this.totals(), this.#hold(edit), amount);
    if (held === null) return false;
    this.#write(held, now, { edit });
    return true;
  }

  /** Ends the hold of an edit. @throws LedgerError where none is open */
  settle(edit: string, kind: "capture" | "release", now: number): void {
    this.#write(settle(this.totals(), this.#hold(edit), kind), now, { edit });
  }

  #hold(edit: string): Hold {
    const rows = this.#sql.exec<{ kind: EntryKind; held: number }>(
      "SELECT kind, held FROM ledger WHERE edit = ?",
      edit,
    );
    return holdOf(rows.toArray());
  }

  #write(
    { kind, available, held, after }: Posting,
    now: number,
    of: { edit?: string; reason?: string; reference?: string },
  ): void {
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
