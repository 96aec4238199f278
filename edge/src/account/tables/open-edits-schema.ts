/**
 * The index of open edits depends on `finished_at` instead of the status, so that a claim writes no entry of it: SQLite
 * writes an entry anew if a statement sets a column that the index names, whether or not its value changes.
 */
export const OPEN_EDITS_SCHEMA = `
  DROP INDEX edits_open;
  CREATE INDEX edits_open ON edits (deadline_at) WHERE finished_at IS NULL;`;
