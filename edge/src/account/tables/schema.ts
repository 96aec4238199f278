import { MONEY_SCHEMA } from "./money-schema.ts";
import { OPEN_EDITS_SCHEMA } from "./open-edits-schema.ts";
import { SCALE_SCHEMA } from "./scale-schema.ts";
import { TOKEN_SCHEMA } from "./token-use.ts";

/**
 * Tables of an account's object. A released version is never edited: changes are new versions. Times are Unix
 * milliseconds; columns of JSON end in `_json`.
 */
const VERSIONS = [
  `CREATE TABLE account (id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;

   CREATE TABLE keys (
     id TEXT PRIMARY KEY, name TEXT NOT NULL, secret_sha256 TEXT NOT NULL, scopes_json TEXT NOT NULL,
     limits_json TEXT NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER, revoked_at INTEGER
   ) STRICT;

   CREATE TABLE ledger (
     seq INTEGER PRIMARY KEY, at INTEGER NOT NULL,
     kind TEXT NOT NULL CHECK (kind IN ('credit', 'hold', 'capture', 'release')),
     available INTEGER NOT NULL, held INTEGER NOT NULL,
     available_after INTEGER NOT NULL CHECK (available_after >= 0),
     held_after INTEGER NOT NULL CHECK (held_after >= 0),
     edit TEXT, reason TEXT, reference TEXT
   ) STRICT;
   CREATE UNIQUE INDEX ledger_reference ON ledger (reference) WHERE reference IS NOT NULL;
   CREATE UNIQUE INDEX ledger_edit ON ledger (edit, kind = 'hold') WHERE edit IS NOT NULL;

   CREATE TABLE idempotency (
     key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, claimed_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
     answer_json TEXT
   ) STRICT;

   CREATE TABLE images (
     id TEXT PRIMARY KEY, key TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
     width INTEGER NOT NULL, height INTEGER NOT NULL, content_type TEXT NOT NULL,
     created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
   ) STRICT;

   CREATE TABLE edits (
     id TEXT PRIMARY KEY, status TEXT NOT NULL, attempt INTEGER NOT NULL, spent INTEGER NOT NULL,
     lease_until INTEGER, not_before INTEGER NOT NULL, send_at INTEGER NOT NULL, sends INTEGER NOT NULL,
     deadline_at INTEGER NOT NULL, created_at INTEGER NOT NULL, started_at INTEGER, finished_at INTEGER,
     expires_at INTEGER NOT NULL, credits INTEGER NOT NULL, input_json TEXT NOT NULL, model_json TEXT NOT NULL,
     outcome_json TEXT, progress_json TEXT, error_json TEXT
   ) STRICT;
   CREATE INDEX edits_open ON edits (status) WHERE status IN ('queued', 'running');

   CREATE TABLE due (subject TEXT PRIMARY KEY, at INTEGER NOT NULL, tries INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE INDEX due_at ON due (at);`,
  `CREATE TABLE outbox (
     id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('webhook', 'meter', 'usage')), edit TEXT NOT NULL,
     lane TEXT NOT NULL, detail_json TEXT NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'stopped', 'expired')),
     created_at INTEGER NOT NULL, tries INTEGER NOT NULL, next_at INTEGER NOT NULL, ended_at INTEGER, reason TEXT
   ) STRICT;
   CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'pending';
   CREATE INDEX outbox_lane ON outbox (lane, next_at) WHERE state = 'pending';
   CREATE INDEX outbox_ended ON outbox (ended_at) WHERE ended_at IS NOT NULL;

   CREATE TABLE webhook_secrets (secret TEXT PRIMARY KEY, created_at INTEGER NOT NULL, valid_until INTEGER) STRICT;

   CREATE TABLE stripe_customer (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;`,
  TOKEN_SCHEMA,
  `CREATE TABLE edit_events (
     edit TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('queued', 'started', 'progress', 'final')),
     id INTEGER NOT NULL, position INTEGER, PRIMARY KEY (edit, kind)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO edit_events (edit, kind, id)
     SELECT id, CASE status WHEN 'queued' THEN 'queued' WHEN 'running' THEN 'started' ELSE 'final' END, 1 FROM edits;
   CREATE INDEX edits_by_age ON edits (created_at);
   CREATE INDEX edits_by_status ON edits (status, created_at);
   CREATE INDEX edits_by_image ON edits (json_extract(input_json, '$.image.id'));
   CREATE INDEX edits_by_mask ON edits (json_extract(input_json, '$.mask.id'));

   CREATE TABLE masks (
     cache_key TEXT NOT NULL, image TEXT NOT NULL, photo_sha256 TEXT NOT NULL, object TEXT NOT NULL,
     expires_at INTEGER NOT NULL, writable_until INTEGER NOT NULL, PRIMARY KEY (cache_key, image)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX masks_by_photo ON masks (photo_sha256);
   CREATE INDEX masks_by_image ON masks (image) WHERE image <> '';
   CREATE INDEX masks_by_object ON masks (object);

   CREATE TABLE usage (
     day TEXT PRIMARY KEY, edits INTEGER NOT NULL, succeeded INTEGER NOT NULL, credits INTEGER NOT NULL,
     gpu_ms INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  `ALTER TABLE account ADD COLUMN c2pa INTEGER NOT NULL DEFAULT 1 CHECK (c2pa IN (0, 1));
   ALTER TABLE account ADD COLUMN watermark INTEGER NOT NULL DEFAULT 1 CHECK (watermark IN (0, 1));`,
  MONEY_SCHEMA,
  SCALE_SCHEMA,
  OPEN_EDITS_SCHEMA,
];

/** Migrates the object's tables to the newest version; applied versions do not run again. */
export function migrate(storage: DurableObjectStorage): void {
  const { sql } = storage;
  storage.transactionSync(() => {
    sql.exec("CREATE TABLE IF NOT EXISTS versions (version INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT");
    const { version } = sql.exec<{ version: number }>("SELECT count(*) AS version FROM versions").one();
    for (const [index, statements] of VERSIONS.entries()) {
      if (index < version) continue;
      sql.exec(statements);
      sql.exec("INSERT INTO versions (version, at) VALUES (?, ?)", index + 1, Date.now());
    }
  });
}
