/**
 * Fewer rows per edit: every index entry is a row that is written and paid for. Edits and images expire in order of
 * arrival, so they need no due rows; events during a run live in memory (`rules/event-log.ts`). A stored answer names
 * its `subject`, and masks are found by their photo.
 */
export const SCALE_SCHEMA = `
  DROP TABLE edit_events;
  DROP INDEX edits_open;
  DROP INDEX edits_by_age;
  DROP INDEX edits_by_status;
  DROP INDEX edits_by_mask;
  ALTER TABLE edits DROP COLUMN progress_json;
  ALTER TABLE edits ADD COLUMN captured INTEGER NOT NULL DEFAULT 0;
  UPDATE edits SET captured = credits WHERE status = 'succeeded';
  CREATE INDEX edits_open ON edits (deadline_at) WHERE status IN ('queued', 'running');
  CREATE INDEX edits_ended_badly ON edits (status) WHERE status IN ('failed', 'canceled');
  CREATE INDEX edits_by_mask ON edits (json_extract(input_json, '$.mask.id'))
    WHERE json_extract(input_json, '$.mask.id') IS NOT NULL;

  CREATE TABLE answers (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, claimed_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    answer_json TEXT, subject TEXT
  ) STRICT, WITHOUT ROWID;
  INSERT INTO answers SELECT key, fingerprint, claimed_at, expires_at, answer_json,
    coalesce(json_extract(answer_json, '$.value.id'), json_extract(answer_json, '$.value.image_id')) FROM idempotency;
  DROP TABLE idempotency;
  ALTER TABLE answers RENAME TO idempotency;
  CREATE INDEX idempotency_subject ON idempotency (subject) WHERE subject IS NOT NULL;

  CREATE TABLE photo_masks (
    photo_sha256 TEXT NOT NULL, cache_key TEXT NOT NULL, image TEXT NOT NULL, object TEXT NOT NULL,
    expires_at INTEGER NOT NULL, writable_until INTEGER NOT NULL, PRIMARY KEY (photo_sha256, cache_key, image)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO photo_masks SELECT photo_sha256, cache_key, image, object, expires_at, writable_until FROM masks;
  DROP TABLE masks;
  ALTER TABLE photo_masks RENAME TO masks;
  CREATE INDEX masks_by_image ON masks (image) WHERE image <> '';

  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('webhook', 'meter', 'usage')), edit TEXT NOT NULL,
    lane TEXT NOT NULL, detail_json TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'stopped', 'expired')),
    created_at INTEGER NOT NULL, tries INTEGER NOT NULL, next_at INTEGER NOT NULL, ended_at INTEGER, reason TEXT
  ) STRICT;
  INSERT INTO deliveries (id, kind, edit, lane, detail_json, state, created_at, tries, next_at, ended_at, reason)
    SELECT id, kind, edit, lane, CASE WHEN kind = 'meter' AND state = 'pending' THEN json_object('captures', json_array(
        json_object('edit', edit, 'credits', json_extract(detail_json, '$.credits'), 'at', created_at)))
      ELSE detail_json END, state, created_at, tries, next_at, ended_at, reason FROM outbox
    WHERE state <> 'delivered';
  DROP TABLE outbox;
  ALTER TABLE deliveries RENAME TO outbox;
  CREATE INDEX outbox_pending ON outbox (lane, next_at) WHERE state = 'pending';
  CREATE INDEX outbox_ended ON outbox (ended_at) WHERE ended_at IS NOT NULL;

  DELETE FROM due WHERE subject GLOB 'edit_*' OR subject GLOB 'img_*';`;
