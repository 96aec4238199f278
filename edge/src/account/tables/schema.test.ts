import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { newEdit, openAccount } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { migrate } from "./schema.ts";
import { WaitingTable } from "./waiting.ts";

test("an account of the version before keeps its open edits, and claims them without an index entry", async () => {
  using _queue = new HeldQueue();
  const { id, account } = await openAccount();
  const [open, over] = [await newEdit(id), await newEdit(id)];
  for (const edit of [open, over]) await account.createEdit(edit);
  await account.cancelEdit(over.id);
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    const { sql } = storage;
    sql.exec(`DROP INDEX edits_open;
      CREATE INDEX edits_open ON edits (deadline_at) WHERE status IN ('queued', 'running');
      DELETE FROM versions WHERE version = 8`);
    const claim = () => sql.exec("UPDATE edits SET status = 'running' WHERE id = ?", open.id).rowsWritten;
    expect(claim()).toBe(2);
    migrate(storage);
    expect(claim()).toBe(1);
    expect(new WaitingTable(sql).unfinished()).toMatchObject({ count: 1, credits: open.credits });
    const plan = sql.exec<{ detail: string }>(
      "EXPLAIN QUERY PLAN SELECT 1 FROM edits WHERE finished_at IS NULL",
    );
    expect(plan.toArray()[0]?.detail).toContain("edits_open");
  });
});
