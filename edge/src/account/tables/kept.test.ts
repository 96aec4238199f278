import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newId } from "../../../../shared/ids.ts";
import { newEdit, openAccount, storedPhoto } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import type { NewEdit } from "../contract/edits.ts";
import { openTables } from "./tables.ts";

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
});

afterEach(() => queue[Symbol.dispose]());

const ofImage = (edit: NewEdit, image: NewEdit["input"]["image"]): NewEdit => ({
  ...edit,
  id: newId("edit"),
  input: { ...edit.input, image },
});

test("an accepted edit is answered as it is stored", async () => {
  const { id, account } = await openAccount();
  const edit = await newEdit(id);
  expect(await account.createEdit(edit)).toEqual({ outcome: "created", edit: await account.edit(edit.id) });
  const second = { ...(await newEdit(id)), token: { id: "a token", max: 1, expiresAt: Date.now() + 60_000 } };
  expect(await account.createEdit(second)).toEqual({
    outcome: "created",
    edit: await account.edit(second.id),
  });
});

test("a photo that was edited before is unknown once it is erased", async () => {
  const { id, account } = await openAccount();
  const edit = await newEdit(id);
  const photo = storedPhoto(edit);
  await account.addImage(photo);
  expect(await account.createEdit(ofImage(edit, photo.id))).toMatchObject({ outcome: "created" });
  await account.eraseImage(photo.id);
  expect(await account.createEdit(ofImage(edit, photo.id))).toEqual({ outcome: "image_unknown" });
  expect(await account.image(photo.id)).toBeNull();
});

test("a transaction that is rolled back leaves no due times out", async () => {
  const { id, account } = await openAccount();
  const edit = await newEdit(id);
  const edits = [edit, ofImage(edit, newId("img"))];
  expect(await account.createEdits(edits, null)).toEqual({ outcome: "image_unknown" });
  const due = () =>
    runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage: { sql } }) =>
      sql.exec<{ subject: string }>("SELECT subject FROM due").toArray(),
    );
  expect(await due()).toEqual([]);
  await account.createEdit({ ...ofImage(edit, edit.input.image), idempotencyKey: "k", fingerprint: "f" });
  expect(await due()).toEqual([{ subject: "idempotency" }, { subject: "ledger" }]);
});

test("the next expiry is that of the oldest row, whichever was removed", async () => {
  const { id } = await openAccount();
  const photos = await Promise.all(
    [3, 4, 5].map(async (expiresAt) => storedPhoto(await newEdit(id), expiresAt)),
  );
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage: { sql } }) => {
    const { images } = openTables(sql);
    expect(images.nextExpiry()).toBeNull();
    for (const photo of photos) images.add(photo);
    expect(images.nextExpiry()).toBe(3);
    images.remove(photos[1]?.id ?? "");
    expect(images.nextExpiry()).toBe(3);
    images.remove(photos[0]?.id ?? "");
    expect(images.nextExpiry()).toBe(5);
    images.remove(photos[2]?.id ?? "");
    expect(images.nextExpiry()).toBeNull();
  });
});

test("an account whose opening is rolled back is not open", async () => {
  await runInDurableObject(env.ACCOUNTS.getByName(newId("acct")), (_, { storage }) => {
    const tables = openTables(storage.sql);
    const opening = () =>
      storage.transactionSync(() => {
        tables.account.open(newId("acct"), "a name", 1);
        expect(tables.account.find()?.name).toBe("a name");
        throw new Error("rolled back");
      });
    expect(opening).toThrow("rolled back");
    tables.forget();
    expect(tables.account.find()).toBeNull();
  });
});
