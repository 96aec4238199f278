import { copyFileSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A row of any table of any SQLite file, its values as one text. */
export interface StoredRow {
  /** Path of the file in the folder of state. */
  readonly file: string;
  readonly table: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** All committed rows of all tables in a folder's SQLite files; writers are not interrupted. */
export function allRows(folder: string): StoredRow[] {
  const copies = mkdtempSync(join(tmpdir(), "flux-rows-"));
  try {
    return globSync("**/*.sqlite", { cwd: folder }).flatMap((file) => {
      const copy = join(copies, basename(file));
      for (const part of ["", "-wal"])
        if (existsSync(join(folder, file + part))) copyFileSync(join(folder, file + part), copy + part);
      const rows = rowsOf(copy).map((row) => ({ file, ...row }));
      for (const part of ["", "-wal", "-shm"]) rmSync(copy + part, { force: true });
      return rows;
    });
  } finally {
    rmSync(copies, { recursive: true });
  }
}

function rowsOf(path: string): Omit<StoredRow, "file">[] {
  const database = new DatabaseSync(path);
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all();
    return tables.flatMap(({ name }) =>
      everything(database, String(name)).map((values) => ({
        table: String(name),
        values,
        text: Object.values(values).map(textOf).join("\n"),
      })),
    );
  } finally {
    database.close();
  }
}

function everything(database: DatabaseSync, table: string) {
  const statement = database.prepare(`SELECT * FROM "${table}"`);
  // times of the runtime's own tables are nanoseconds
  statement.setReadBigInts(true);
  return statement.all();
}

const textOf = (value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value);

/** Every file of a folder, by its path in it. */
export function allFiles(folder: string): { readonly file: string; readonly bytes: Buffer }[] {
  return globSync("**/*", { cwd: folder })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => ({ file, bytes: readFileSync(join(folder, file)) }));
}

/** Every key of the Redis-compatible store with its value. */
export async function allEntries(upstash: { url: string; token: string }): Promise<Record<string, string>> {
  const ask = async (...command: (string | number)[]) => {
    const answer = await fetch(upstash.url, {
      method: "POST",
      headers: { authorization: `Bearer ${upstash.token}` },
      body: JSON.stringify(command),
    });
    return ((await answer.json()) as { result: unknown }).result;
  };
  const [, keys] = (await ask("SCAN", 0, "COUNT", 100_000)) as [string, string[]];
  const entries = keys.map(async (key) => {
    const kind = await ask("TYPE", key);
    return [key, kind === "string" ? String(await ask("GET", key)) : `a ${String(kind)}`] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
