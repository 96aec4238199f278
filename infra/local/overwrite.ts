import { existsSync, globSync } from "node:fs";
import { join } from "node:path";

/** What SQLite of Node is used for here; it is there without a flag from Node 22.13 on. */
type Sqlite = typeof import("node:sqlite");

/**
 * Rewrites the SQLite files of a folder that nobody has open: a row that was deleted stays readable in a file, and in the
 * log beside it, until its place is used again.
 * @returns how many files were rewritten; null if this Node has no SQLite
 */
export function overwriteErased(folder: string): number | null {
  const sqlite: Sqlite | undefined = process.getBuiltinModule?.("node:sqlite");
  if (sqlite === undefined) return null;
  const files = existsSync(folder) ? globSync("**/*.sqlite", { cwd: folder }) : [];
  for (const file of files) {
    const database = new sqlite.DatabaseSync(join(folder, file));
    try {
      database.exec(
        "PRAGMA busy_timeout = 2000; PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE)",
      );
    } finally {
      database.close();
    }
  }
  return files.length;
}
