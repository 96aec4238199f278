import { LRUCache } from "lru-cache";
import type { Id } from "../../../../shared/ids.ts";
import type { KeyRow, NewKey } from "../contract/keys.ts";

type Row = {
  id: string;
  name: string;
  secret_sha256: string;
  scopes_json: string;
  limits_json: string;
  created_at: number;
  last_used_at: number | null;
};

/** The time of last use is informational: minute precision is enough and saves a write per request. */
const LAST_USE_MS = 60_000;

/** Maximum number of keys kept in memory. */
const KEPT_KEYS = 100;

interface Kept {
  readonly secretSha256: string;
  readonly key: KeyRow;
}

const encoder = new TextEncoder();

/** API keys: only the SHA-256 of a secret is stored. */
export class KeyTable {
  readonly #sql: SqlStorage;
  /** Valid keys that were read; every write removes the key it concerns. */
  readonly #kept = new LRUCache<string, Kept>({ max: KEPT_KEYS });

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Adds a key; an existing one stays as it is. */
  add({ id, name, secretSha256, scopes, limits }: NewKey, now: number): KeyRow {
    this.#sql.exec(
      `INSERT OR IGNORE INTO keys (id, name, secret_sha256, scopes_json, limits_json, created_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
      id,
      name,
      secretSha256,
      JSON.stringify(scopes),
      JSON.stringify(limits),
      now,
    );
    return { id, name, scopes, limits, createdAt: now, lastUsedAt: null };
  }

  revoke(id: string, now: number): boolean {
    this.#kept.delete(id);
    return (
      this.#sql.exec("UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id)
        .rowsWritten > 0
    );
  }

  /** The key with this id, unless it is revoked. */
  find(id: string): KeyRow | null {
    return this.#valid(id)?.key ?? null;
  }

  /** The key with this id and secret, unless it is revoked. */
  authenticate(id: string, secretSha256: string, now: number): KeyRow | null {
    const valid = this.#valid(id);
    if (valid === null || !equal(valid.secretSha256, secretSha256)) return null;
    const { key } = valid;
    if (key.lastUsedAt === null || now - key.lastUsedAt >= LAST_USE_MS) {
      this.#sql.exec("UPDATE keys SET last_used_at = ? WHERE id = ?", now, id);
      this.#kept.delete(id);
    }
    return key;
  }

  /** Recent writes may have been rolled back. */
  forget(): void {
    this.#kept.clear();
  }

  #valid(id: string): Kept | null {
    const kept = this.#kept.get(id);
    if (kept !== undefined) return kept;
    const row = this.#sql
      .exec<Row>("SELECT * FROM keys WHERE id = ? AND revoked_at IS NULL", id)
      .toArray()[0];
    if (row === undefined) return null;
    const valid = { secretSha256: row.secret_sha256, key: keyOf(row) };
    this.#kept.set(id, valid);
    return valid;
  }
}

function keyOf(row: Row): KeyRow {
  return {
    id: row.id as Id<"key">,
    name: row.name,
    scopes: JSON.parse(row.scopes_json),
    limits: JSON.parse(row.limits_json),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}

/** Whether two hashes are equal, in constant time for equal lengths. */
function equal(a: string, b: string): boolean {
  const [left, right] = [encoder.encode(a), encoder.encode(b)];
  return left.byteLength === right.byteLength && crypto.subtle.timingSafeEqual(left, right);
}
