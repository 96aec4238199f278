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

/** Counts the statements of a call, and the rows that they write, index entries among them. */
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
    const rows = cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
    return { rows, statements: cursors.length };
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

  const count = await counter(id);
  const rows = async (call: () => Promise<unknown>) => (await count(call)).rows;
  let edit = first;
  expect(await rows(async () => (edit = { ...(await upload()), ...named, idempotencyKey: "key:2" }))).toBe(2);
  expect(await rows(() => account.createEdit(edit))).toBe(6);
  expect(await rows(() => account.claim(edit.id))).toBe(1);
  const mask = { cacheKey: newId("evt"), object: `${id}/masks/m`, image: null };
  expect(await rows(() => account.expectMasks(edit.input.image.id, [mask], Date.now()))).toBe(1);
  expect(await rows(() => account.report({ edit: edit.id, attempt: 1 }, "started"))).toBe(0);
  expect(await rows(() => account.succeed({ edit: edit.id, attempt: 1 }, RESULT))).toBe(3);
});

test("an account in use reads little: a run has its edit in memory from its claim to its end", async () => {
  const { id, account } = await openAccount();
  const named = { idempotencyKey: "key:1", fingerprint: "f" };
  const first = { ...(await newEdit(id)), ...named };
  const photo = storedPhoto(first);
  await account.addImage(photo);
  await account.createEdit(first);
  await account.claim(first.id);
  await account.succeed({ edit: first.id, attempt: 1 }, RESULT);
  await account.image(photo.id);

  const count = await counter(id);
  const statements = async (call: () => Promise<unknown>) => (await count(call)).statements;
  const edit = { ...(await newEdit(id)), ...named, idempotencyKey: "key:2" };
  const mask = { cacheKey: newId("evt"), object: `${id}/masks/m`, image: null };
  const run = { edit: edit.id, attempt: 1 };
  const progress = { phase: "edit", step: 1, steps: 2, evaluations: 1, planned: 2 } as const;
  // its key is looked up; hold, edit and key are written
  expect(await statements(() => account.createEdit(edit))).toBe(4);
  // whether a mask of its photo is known is looked up
  expect(await statements(() => account.claim(edit.id))).toBe(2);
  // the mask is written, and its erasure, if one was due, is not
  expect(await statements(() => account.expectMasks(photo.id, [mask], Date.now()))).toBe(2);
  expect(await statements(() => account.report(run, "started"))).toBe(0);
  expect(await statements(() => account.report(run, { ...progress, etaMs: 1, preview: null }))).toBe(0);
  expect(await statements(() => account.edit(edit.id))).toBe(0);
  // edit, ledger and usage are written; whether a batch covers its capture is looked up
  expect(await statements(() => account.succeed(run, RESULT))).toBe(4);
  expect(await statements(() => account.edit(edit.id))).toBe(0);
});
