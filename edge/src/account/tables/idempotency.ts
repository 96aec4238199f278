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

  /** Claims a key and stores its answer in one step. */
  answer(key: string, fingerprint: string, status: number, value: unknown, now: number): void {
    const { claimedAt, expiresAt } = claimed(fingerprint, now);
    this.#sql.exec(
      `INSERT OR REPLACE INTO idempotency (key, fingerprint, claimed_at, expires_at, answer_json)
       VALUES (?, ?, ?, ?, ?)`,
      key,
      fingerprint,
      claimedAt,
      expiresAt,
      JSON.stringify({ status, value }),
    );
  }

  /** Stores an answer; the first one stays. @param subject the image that it refers to, or null */
  complete(key: string, status: number, value: unknown, subject: string | null): void {
    const answer = JSON.stringify({ status, value });
    this.#sql.exec(
      "UPDATE idempotency SET answer_json = ?, subject = ? WHERE key = ? AND answer_json IS NULL",
      answer,
      subject,
      key,
    );
  }

  /** Releases a claim; an answer stays. */
  release(key: string): void {
    this.#sql.exec("DELETE FROM idempotency WHERE key = ? AND answer_json IS NULL", key);
  }

  /** Deletes the answers that refer to an image. */
  forget(subject: string): void {
    this.#sql.exec("DELETE FROM idempotency WHERE subject = ?", subject);
  }

  /** Deletes answers older than a day. Returns when to come back; null if nothing is left. */
  sweep(now: number): number | null {
    this.#sql.exec("DELETE FROM idempotency WHERE expires_at <= ?", now);
    const left = this.#sql.exec("SELECT 1 FROM idempotency LIMIT 1").toArray().length > 0;
    return left ? now + KEPT_MS / 24 : null;
  }
}
