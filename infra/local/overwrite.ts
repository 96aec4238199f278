import { existsSync, globSync } from "node:fs";
import { join } from "node:path";

/** The part of Node's SQLite that is used here; available without a flag since Node 22.13. */
type Sqlite = typeof import("node:sqlite");

/**
 * Rewrites a folder's SQLite files, which no process may have open: a deleted row stays readable in the file and its log
 * until its space is reused.
 * @returns number of rewritten files; null if this Node has no SQLite
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
