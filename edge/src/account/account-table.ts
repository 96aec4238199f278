import type { Id } from "../../../shared/ids.ts";

/** Who an object's account is: one row, or none before it was opened. */
export class AccountTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Writes the row; one that is there stays as it is. */
  open(id: Id<"acct">, name: string, now: number): void {
    this.#sql.exec(
      `INSERT INTO account (id, name, created_at) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM account)`,
      id,
      name,
      now,
    );
  }

  find(): { readonly id: Id<"acct">; readonly name: string } | null {
    const row = this.#sql.exec<{ id: string; name: string }>("SELECT id, name FROM account").toArray()[0];
    return row === undefined ? null : { id: row.id as Id<"acct">, name: row.name };
  }

  /** The account of an object that does work for one. @throws Error before it was opened */
  get(): { readonly id: Id<"acct">; readonly name: string } {
    const account = this.find();
    if (account === null) throw new Error("the account was never opened");
    return account;
  }
}
