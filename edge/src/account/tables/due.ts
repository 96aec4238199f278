/** A subject in the table of due times: an edit, an image, a storage key, or the idempotency records as a whole. */
export type Due = { readonly subject: string; readonly at: number; readonly tries: number };

const BACK_OFF_MS = 10_000;
const BACK_OFF_MAX_MS = 3_600_000;

/** The work of an account's one alarm: subjects and their due times. One row per subject. */
export class DueTable {
  readonly #sql: SqlStorage;
  /** Subjects known to have a row. */
  readonly #present = new Set<string>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  set(subject: string, at: number): void {
    this.#sql.exec(
      `INSERT INTO due (subject, at, tries) VALUES (?, ?, 0)
       ON CONFLICT (subject) DO UPDATE SET at = excluded.at, tries = 0`,
      subject,
      at,
    );
  }

  /** Like `set`, unless the subject has a row. For few subjects, since they are kept in memory. */
  setIfAbsent(subject: string, at: number): void {
    if (this.#present.has(subject)) return;
    this.#sql.exec("INSERT OR IGNORE INTO due (subject, at, tries) VALUES (?, ?, 0)", subject, at);
    this.#present.add(subject);
  }

  /** Removes a row; with `at`, only if it was not set again since it was postponed to that time. */
  remove(subject: string, at: number | null = null): void {
    this.#sql.exec("DELETE FROM due WHERE subject = ? AND at = coalesce(?, at)", subject, at);
    this.#present.delete(subject);
  }

  /** Recent writes may have been rolled back. */
  forget(): void {
    this.#present.clear();
  }

  /** Rows that are due, the longest overdue first. */
  ready(now: number, limit: number): Due[] {
    return this.#sql
      .exec<Due>("SELECT subject, at, tries FROM due WHERE at <= ? ORDER BY at LIMIT ?", now, limit)
      .toArray();
  }

  /** Postpones a row before it is processed, so that a failure or a crash retries it later. Returns the new time. */
  postpone({ subject, tries }: Due, now: number): number {
    const at = now + Math.min(BACK_OFF_MAX_MS, BACK_OFF_MS * 2 ** tries);
    this.#sql.exec("UPDATE due SET at = ?, tries = tries + 1 WHERE subject = ?", at, subject);
    return at;
  }

  /** When the next row is due. */
  earliest(): number | null {
    return this.#sql.exec<{ at: number | null }>("SELECT min(at) AS at FROM due").one().at;
  }
}
