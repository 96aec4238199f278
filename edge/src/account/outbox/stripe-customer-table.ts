/** The account's customer in Stripe, `cus_…`: one row, or none until there is a customer. */
export class StripeCustomerTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(): string | null {
    return this.#sql.exec<{ id: string }>("SELECT id FROM stripe_customer").toArray()[0]?.id ?? null;
  }

  /** Stores the first customer only: all usage is then metered for one customer. */
  keep(id: string): void {
    this.#sql.exec("INSERT INTO stripe_customer (one, id) SELECT 1, ? ON CONFLICT DO NOTHING", id);
  }
}
