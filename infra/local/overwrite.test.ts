import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { overwriteErased } from "./overwrite.ts";

const WORD = "a-word-that-was-deleted";

test("deleted rows are in no file afterwards, and other rows remain", () => {
  const folder = mkdtempSync(join(tmpdir(), "flux-overwrite-"));
  try {
    const path = join(folder, "rows.sqlite");
    const before = new DatabaseSync(path);
    before.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (text TEXT)");
    before.exec(`INSERT INTO t VALUES ('${WORD}'), ('stays'); DELETE FROM t WHERE text = '${WORD}'`);
    const onDisk = () =>
      readdirSync(folder)
        .map((file) => readFileSync(join(folder, file), "latin1"))
        .join();
    expect(onDisk()).toContain(WORD);
    before.close();
    expect(overwriteErased(folder)).toBe(1);
    expect(onDisk()).not.toContain(WORD);
    const after = new DatabaseSync(path);
    expect(after.prepare("SELECT text FROM t").all()).toEqual([{ text: "stays" }]);
    after.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a missing folder has nothing to overwrite", () => {
  expect(overwriteErased("/nowhere/at/all")).toBe(0);
});
