import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Id, newId } from "../../../../shared/ids.ts";
import { newEdit, openAccount, storedPhoto } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { RESULT } from "../../../test/outbox.ts";

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
});

afterEach(() => {
  vi.restoreAllMocks();
  queue[Symbol.dispose]();
});

/** Counts the rows that a call writes, index entries among them. */
async function counter(id: Id<"acct">) {
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    const ofSql: SqlStorage = Object.getPrototypeOf(storage.sql);
    const { exec } = ofSql;
    vi.spyOn(ofSql, "exec").mockImplementation(function (this: SqlStorage, ...given) {
      const cursor = exec.apply(this, given);
      cursors.push(cursor);
      return cursor as ReturnType<SqlStorage["exec"]>;
    } as SqlStorage["exec"]);
  });
  return async (call: () => Promise<unknown>) => {
    cursors.length = 0;
    await call();
    return cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
  };
}

test("an edit and its photo write as few rows as the page on scale says", async () => {
  const { id, account } = await openAccount();
  const upload = async () => {
    const edit = await newEdit(id);
    await account.expectPhoto();
    await account.addImage(storedPhoto(edit));
    return edit;
  };
  const named = { idempotencyKey: "key:1", fingerprint: "f" };
  // the first of a day, and of ten minutes, also writes what the others share
  const first = { ...(await upload()), ...named };
  await account.createEdit(first);
  await account.claim(first.id);
  await account.succeed({ edit: first.id, attempt: 1 }, RESULT);

  const rows = await counter(id);
  let edit = first;
  expect(await rows(async () => (edit = { ...(await upload()), ...named, idempotencyKey: "key:2" }))).toBe(2);
  expect(await rows(() => account.createEdit(edit))).toBe(6);
  expect(await rows(() => account.claim(edit.id))).toBe(1);
  const mask = { cacheKey: newId("evt"), object: `${id}/masks/m`, image: null };
  expect(await rows(() => account.expectMasks(edit.input.image.id, [mask], Date.now()))).toBe(1);
  expect(await rows(() => account.report({ edit: edit.id, attempt: 1 }, "started"))).toBe(0);
  expect(await rows(() => account.succeed({ edit: edit.id, attempt: 1 }, RESULT))).toBe(3);
});
