/** Credits that came in, kept for good. Times are Unix milliseconds. */
export interface StoredPayment {
  readonly amount: number;
  readonly reason: string;
}

/**
 * Payments by reference, and what was taken back of each. Calls must be inside the transaction of the ledger's entry.
 */
export class PaymentTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(reference: string): StoredPayment | null {
    const rows = this.#sql.exec<{ amount: number; reason: string }>(
      "SELECT amount, reason FROM payments WHERE reference = ?",
      reference,
    );
    return rows.toArray()[0] ?? null;
  }

  add(reference: string, { amount, reason }: StoredPayment, now: number): void {
    this.#sql.exec(
      "INSERT INTO payments (reference, amount, reason, at) VALUES (?, ?, ?, ?)",
      reference,
      amount,
      reason,
      now,
    );
  }

  /** Credits of a payment that were taken back, by one reversal and by all others. */
  reversed(
    payment: string,
    id: string,
  ): { readonly own: number; readonly others: number; readonly reportedAt: number } {
    return this.#sql
      .exec<{ own: number; others: number; reportedAt: number }>(
        `SELECT coalesce(sum(amount) FILTER (WHERE id = ?2), 0) AS own,
           coalesce(sum(amount) FILTER (WHERE id <> ?2), 0) AS others,
           coalesce(max(reported_at) FILTER (WHERE id = ?2), 0) AS reportedAt
         FROM reversals WHERE payment = ?1`,
        payment,
        id,
      )
      .one();
  }

  reverse(payment: string, id: string, amount: number, reportedAt: number): void {
    this.#sql.exec(
      `INSERT INTO reversals (id, payment, amount, reported_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET amount = excluded.amount, reported_at = excluded.reported_at`,
      id,
      payment,
      amount,
      reportedAt,
    );
  }
}
