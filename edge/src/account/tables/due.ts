/** A subject in the table of due times: an edit, an image, a storage key, or the idempotency records as a whole. */
export type Due = { readonly subject: string; readonly at: number; readonly tries: number };

const BACK_OFF_MS = 10_000;
const BACK_OFF_MAX_MS = 3_600_000;

/** The work of an account's one alarm: subjects and their due times. One row per subject. */
export class DueTable {
  readonly #sql: SqlStorage;
  /** Subjects known to have a row. */
  readonly #present = new Set<string>();
  /** When the next row is due; undefined if it must be read. */
  #earliest: number | null | undefined;

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
    this.#earliest = undefined;
  }

  /** Like `set`, unless the subject has a row. For few subjects, since they are kept in memory. */
  setIfAbsent(subject: string, at: number): void {
    if (this.#present.has(subject)) return;
    this.#sql.exec("INSERT OR IGNORE INTO due (subject, at, tries) VALUES (?, ?, 0)", subject, at);
    this.#present.add(subject);
    this.#earliest = undefined;
  }

  /** Removes a row; with `at`, only if it was not set again since it was postponed to that time. */
  remove(subject: string, at: number | null = null): void {
    const { rowsWritten } = this.#sql.exec(
      "DELETE FROM due WHERE subject = ? AND at = coalesce(?, at)",
      subject,
      at,
    );
    this.#present.delete(subject);
    if (rowsWritten > 0) this.#earliest = undefined;
  }

  /** Removes the rows of up to a hundred subjects: the platform allows no more values in a statement. */
  removeAll(subjects: readonly string[]): void {
    const { rowsWritten } = this.#sql.exec(
      `DELETE FROM due WHERE subject IN (${subjects.map(() => "?").join()})`,
      ...subjects,
    );
    for (const subject of subjects) this.#present.delete(subject);
    if (rowsWritten > 0) this.#earliest = undefined;
  }

  /** Recent writes may have been rolled back. */
  forget(): void {
    this.#present.clear();
    this.#earliest = undefined;
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
    this.#earliest = undefined;
    return at;
  }

  /** When the next row is due. */
  earliest(): number | null {
    if (this.#earliest === undefined)
      this.#earliest = this.#sql.exec<{ at: number | null }>("SELECT min(at) AS at FROM due").one().at;
    return this.#earliest;
  }
}
