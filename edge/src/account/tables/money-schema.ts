/**
 * The ledger takes credits back as well, below zero if need be: what was refunded after it was spent is owed. Its rows
 * are rolled up by day (`kind` rollup), so what must be known for good has tables of its own: payments by their
 * reference, and how much of each was taken back. That an edit's hold ends once follows from its status.
 */
export const MONEY_SCHEMA = `
  CREATE TABLE payments (
    reference TEXT PRIMARY KEY, amount INTEGER NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO payments (reference, amount, reason, at)
    SELECT reference, available, coalesce(reason, ''), at FROM ledger WHERE reference IS NOT NULL;

  CREATE TABLE reversals (
    id TEXT PRIMARY KEY, payment TEXT NOT NULL, amount INTEGER NOT NULL, reported_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX reversals_payment ON reversals (payment);

  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('credit', 'debit', 'hold', 'capture', 'release', 'rollup')),
    available INTEGER NOT NULL, held INTEGER NOT NULL,
    available_after INTEGER NOT NULL, held_after INTEGER NOT NULL CHECK (held_after >= 0),
    edit TEXT, reason TEXT, reference TEXT
  ) STRICT;
  INSERT INTO entries SELECT seq, at, kind, available, held, available_after, held_after, edit, reason, reference FROM ledger;
  DROP TABLE ledger;
  ALTER TABLE entries RENAME TO ledger;`;
