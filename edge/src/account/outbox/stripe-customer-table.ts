/** The customer that stands for the account in Stripe, `cus_…`: one row, or none before there is one. */
export class StripeCustomerTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(): string | null {
    return this.#sql.exec<{ id: string }>("SELECT id FROM stripe_customer").toArray()[0]?.id ?? null;
  }

  /** Keeps the first customer there was: all usage is then counted for one. */
  keep(id: string): void {
    this.#sql.exec("INSERT INTO stripe_customer (one, id) SELECT 1, ? ON CONFLICT DO NOTHING", id);
  }
}
