/**
 * The ledger also takes credits back, below zero if need be: a refund of spent credits is owed. Its rows are rolled up
 * by day (`kind` rollup), so permanent facts have their own tables: payments by reference, and how much of each was
 * taken back. An edit's status ensures that its hold ends once.
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
