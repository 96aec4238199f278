import { claimed, type IdempotencyRecord, KEPT_MS } from "../rules/idempotency.ts";

type Row = { fingerprint: string; claimed_at: number; expires_at: number; answer_json: string | null };

/** Idempotency records by key. */
export class IdempotencyTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(key: string): IdempotencyRecord | null {
    const row = this.#sql
      .exec<Row>(
        "SELECT fingerprint, claimed_at, expires_at, answer_json FROM idempotency WHERE key = ?",
        key,
      )
      .toArray()[0];
    if (row === undefined) return null;
    const answer: IdempotencyRecord["answer"] = row.answer_json === null ? null : JSON.parse(row.answer_json);
    return { fingerprint: row.fingerprint, claimedAt: row.claimed_at, expiresAt: row.expires_at, answer };
  }

  claim(key: string, fingerprint: string, now: number): void {
    const { claimedAt, expiresAt } = claimed(fingerprint, now);
    this.#sql.exec(
      `INSERT OR REPLACE INTO idempotency (key, fingerprint, claimed_at, expires_at) VALUES (?, ?, ?, ?)`,
      key,
      fingerprint,
      claimedAt,
      expiresAt,
    );
  }

  /** Keeps an answer; the first one stays. */
  complete(key: string, status: number, value: unknown): void {
    const answer = JSON.stringify({ status, value });
    this.#sql.exec(
      "UPDATE idempotency SET answer_json = ? WHERE key = ? AND answer_json IS NULL",
      answer,
      key,
    );
  }

  /** Gives a claim back; an answer stays. */
  release(key: string): void {
    this.#sql.exec("DELETE FROM idempotency WHERE key = ? AND answer_json IS NULL", key);
  }

  /** Forgets answers that name something (an id of ours, so no other text holds it). */
  forget(name: string): void {
    this.#sql.exec("DELETE FROM idempotency WHERE instr(answer_json, ?) > 0", name);
  }

  /** Forgets what is past its day. When to come back; null where nothing is left. */
  sweep(now: number): number | null {
    this.#sql.exec("DELETE FROM idempotency WHERE expires_at <= ?", now);
    const { count } = this.#sql.exec<{ count: number }>("SELECT count(*) AS count FROM idempotency").one();
    return count === 0 ? null : now + KEPT_MS / 24;
  }
}
