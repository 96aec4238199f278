import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { newId } from "../../../../shared/ids.ts";
import { IdempotencyTable } from "./idempotency.ts";

test("forgetting an erased image's answer reads that answer alone, however many others are stored", async () => {
  const stub = env.ACCOUNTS.getByName(newId("acct"));
  await runInDurableObject(stub, (_, { storage: { sql } }) => {
    const table = new IdempotencyTable(sql);
    for (let i = 0; i < 300; i += 1) {
      table.claim(`key:${i}`, "fingerprint", Date.now());
      table.complete(`key:${i}`, 201, { id: `img_${i}` }, `img_${i}`);
    }
    const before = sql.exec("SELECT 1 FROM idempotency").toArray().length;
    const cursor = sql.exec("SELECT key FROM idempotency WHERE subject = ?", "img_7");
    expect(cursor.toArray()).toEqual([{ key: "key:7" }]);
    expect(cursor.rowsRead).toBeLessThan(5);
    table.forget("img_7");
    expect(sql.exec("SELECT 1 FROM idempotency").toArray()).toHaveLength(before - 1);
  });
});
