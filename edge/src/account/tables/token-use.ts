import type { TokenUse } from "../contract/keys.ts";

/** `token` identifies the token that created an edit. */
export const TOKEN_SCHEMA = `
  CREATE TABLE token_uses (id TEXT PRIMARY KEY, uses INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
  CREATE INDEX token_uses_end ON token_uses (expires_at);

  ALTER TABLE edits ADD COLUMN token TEXT;
  CREATE INDEX edits_token ON edits (token, created_at) WHERE token IS NOT NULL;`;

/** How often tokens were used. Calls must be inside the transaction of what the use allows. */
export class TokenUseTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  uses(id: string): number {
    const row = this.#sql.exec<{ uses: number }>("SELECT uses FROM token_uses WHERE id = ?", id).toArray()[0];
    return row?.uses ?? 0;
  }

  /** Whether a use is left; takes none. */
  has({ id, max }: TokenUse): boolean {
    return max === null || this.uses(id) < max;
  }

  /** Takes one use; false if none is left, and then nothing is written. Expired tokens need no row any more. */
  take(use: TokenUse, now: number): boolean {
    if (use.max === null) return true;
    if (!this.has(use)) return false;
    this.#sql.exec("DELETE FROM token_uses WHERE expires_at <= ?", now);
    this.#sql.exec(
      `INSERT INTO token_uses (id, uses, expires_at) VALUES (?, 1, ?)
       ON CONFLICT (id) DO UPDATE SET uses = uses + 1`,
      use.id,
      use.expiresAt,
    );
    return true;
  }
}
