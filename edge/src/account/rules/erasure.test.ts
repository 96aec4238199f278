import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newId } from "../../../../shared/ids.ts";
import { newEdit, openAccount, storedPhoto } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { settingsOf } from "../../env.ts";
import { openMaskCache } from "../../masks/cache.ts";
import type { ImageRow } from "../contract/images.ts";
import { LEASE_MS, writableUntil } from "./lifecycle.ts";

const HOUR_MS = 3_600_000;

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
  vi.useFakeTimers({ toFake: ["Date"] });
  // the mask cache has half a second to answer, which is too little on a busy machine
  vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  queue[Symbol.dispose]();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const ring = (id: string) => runDurableObjectAlarm(env.ACCOUNTS.getByName(id));
const cache = () => openMaskCache(settingsOf(env));
const there = async (key: string) => (await env.IMAGES.head(key)) !== null;

const subjectsOf = (id: string) =>
  runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) =>
    storage.sql
      .exec<{ subject: string }>("SELECT subject FROM due WHERE subject <> 'ledger' ORDER BY subject")
      .toArray()
      .map(({ subject }) => subject),
  );

/** An account with a photo and a waiting edit of it. */
async function scene() {
  const { id, account } = await openAccount();
  const edit = await newEdit(id);
  const photo = storedPhoto(edit, Date.now() + HOUR_MS);
  await account.addImage(photo);
  await account.createEdit(edit);
  return { id, account, edit: edit.id, photo };
}

/** A located and a finished mask of a photo, in storage and in the cache. */
async function masksOf({ id, account, photo }: Awaited<ReturnType<typeof scene>>) {
  const [located, finished] = [newId("evt"), newId("evt")];
  const mask: ImageRow = { ...photo, id: newId("img"), key: `${id}/masks/m/${finished}` };
  const objects = [`${id}/masks/m/located`, mask.key];
  const masks = [
    { cacheKey: located, object: objects[0] ?? "", image: null },
    { cacheKey: finished, object: mask.key, image: mask.id },
  ];
  const until = await account.expectMasks(photo.id, masks, Date.now() + 60_000);
  expect(until).toBe(photo.expiresAt);
  for (const object of objects) await env.IMAGES.put(object, "mask");
  const { sha256, width, height } = photo;
  for (const { cacheKey, object } of masks)
    await cache().set(cacheKey, { key: object, sha256, width, height, coverage: 0.5, regions: [] }, 3_600);
  expect(await account.addMask(mask)).toBe(true);
  return { located, finished, mask, objects };
}

test("an image that expires takes its masks with it: in storage, in the cache and by id", async () => {
  const given = await scene();
  const { id, account, edit, photo } = given;
  const { mask, objects, located, finished } = await masksOf(given);
  await account.cancelEdit(edit);
  later(HOUR_MS);
  expect(await account.image(mask.id)).toBeNull();
  await ring(id);
  for (const key of [photo.key, ...objects]) expect(await there(key), key).toBe(false);
  for (const key of [located, finished]) expect(await cache().get(key, [])).toBeNull();
  expect(await account.edit(edit)).not.toBeNull();
  expect(await subjectsOf(id)).toEqual([]);
});

test("an edit of another photo is erased with the photo that its mask was located on", async () => {
  const given = await scene();
  const { id, account, photo } = given;
  const { mask } = await masksOf(given);
  const other = await newEdit(id, { mask: { id: mask.id, key: mask.key, sha256: mask.sha256 } });
  const unrelated = await newEdit(id);
  for (const edit of [other, unrelated]) await account.createEdit(edit);
  expect(await account.eraseImage(photo.id)).toBe(true);
  expect(await account.edit(other.id)).toBeNull();
  expect(await account.edit(unrelated.id)).toMatchObject({ status: "queued" });
  expect(await account.summary()).toMatchObject({ balance: 90, held: 10 });
});

test("a mask of an unknown or erased photo must not be made", async () => {
  const { id, account, photo } = await scene();
  const mask = { cacheKey: "c", object: `${id}/masks/m/x`, image: newId("img") };
  expect(await account.expectMasks(newId("img"), [mask], 0)).toBeNull();
  await account.expectMasks(photo.id, [mask], Date.now() + 60_000);
  expect(await account.eraseImage(photo.id)).toBe(true);
  expect(await account.addMask({ ...photo, id: mask.image, key: mask.object })).toBe(false);
  expect(await account.expectMasks(photo.id, [mask], 0)).toBeNull();
});

test("what a run writes after the erasure is erased too", async () => {
  const { id, account, edit } = await scene();
  await account.claim(edit);
  const row = await account.edit(edit);
  expect(await account.eraseEdit(edit)).toBe(true);
  const late = `${id}/edits/${edit}/1/result`;
  await env.IMAGES.put(late, "result");
  // an upload that started in the last second of its URL has ended by then
  vi.setSystemTime(writableUntil(row ?? { deadlineAt: 0 }) + 30_000);
  await ring(id);
  await env.IMAGES.put(late, "result");
  later(31_000);
  await ring(id);
  expect(await there(late)).toBe(false);
});

test("a photo without a row is erased, one with a row is not", async () => {
  const { id, account, photo } = await scene();
  const images = [newId("img"), newId("img"), newId("img")] as const;
  const folder = await account.expectPhoto();
  const [lost, kept, double] = [
    `${folder}${images[0]}`,
    `${folder}${images[1]}/one`,
    `${folder}${images[1]}/two`,
  ] as const;
  for (const key of [lost, kept, double]) await env.IMAGES.put(key, "photo");
  await account.addImage({ ...photo, id: images[1], key: kept });
  later(1_200_000);
  // its folder is another one
  const fresh = `${await account.expectPhoto()}${images[2]}`;
  await env.IMAGES.put(fresh, "photo");
  await ring(id);
  const found = await Promise.all([lost, double, kept, fresh].map(there));
  expect(found).toEqual([false, false, true, true]);
  expect(await subjectsOf(id)).toHaveLength(1);
});

test("a photo has ten minutes to get its row, from whatever time of its folder", async () => {
  const { id, account } = await openAccount();
  vi.setSystemTime(600_000 * Math.ceil(Date.now() / 600_000) + 599_000);
  const key = `${await account.expectPhoto()}${newId("img")}`;
  await env.IMAGES.put(key, "photo");
  later(599_000);
  await ring(id);
  expect(await there(key)).toBe(true);
  later(2_000);
  await ring(id);
  expect(await there(key)).toBe(false);
});

test("a photo that the previous version expected keeps its object once it has its row", async () => {
  const { id, account, photo } = await scene();
  const key = `${id}/images/${newId("img")}`;
  await env.IMAGES.put(key, "photo");
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) =>
    storage.sql.exec("INSERT INTO due (subject, at, tries) VALUES (?, ?, 0)", key, Date.now() + 1_000),
  );
  await account.addImage({ ...photo, id: newId("img"), key });
  later(1_000);
  await ring(id);
  expect(await there(key)).toBe(true);
});

test("a mask that is made again is not erased because of the previous one", async () => {
  const given = await scene();
  const { id, account, photo } = given;
  const { finished, mask } = await masksOf(given);
  await account.eraseImage(photo.id);
  expect((await subjectsOf(id)).some((subject) => subject.includes(mask.key))).toBe(true);
  const again = { ...photo, id: newId("img"), key: `${id}/images/${newId("img")}` };
  await account.addImage(again);
  await account.expectMasks(again.id, [{ cacheKey: finished, object: mask.key, image: newId("img") }], 0);
  expect((await subjectsOf(id)).some((subject) => subject.includes(mask.key))).toBe(false);
});

test("what storage fails to erase is unknown at once and erased later", async () => {
  const { id, account, edit, photo } = await scene();
  const key = `${id}/edits/${edit}/1/result`;
  await env.IMAGES.put(key, "result");
  const storage = Object.getPrototypeOf(env.IMAGES) as R2Bucket;
  const broken = vi.spyOn(storage, "delete").mockRejectedValue(new Error("storage is out of order"));
  expect(await account.eraseImage(photo.id)).toBe(true);
  expect(await account.image(photo.id)).toBeNull();
  expect(await account.edit(edit)).toBeNull();
  expect([await there(key), await there(photo.key)]).toEqual([true, true]);
  later(10_000);
  await ring(id);
  expect(await there(key)).toBe(true);
  broken.mockRestore();
  later(60_000);
  await ring(id);
  expect([await there(key), await there(photo.key)]).toEqual([false, false]);
  expect(await subjectsOf(id)).toEqual([]);
});

test("the ledger and the sums of usage stay, without content", async () => {
  const { id, account, edit } = await scene();
  await account.eraseEdit(edit);
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    const rows = (table: string) => storage.sql.exec(`SELECT * FROM ${table}`).toArray();
    expect(rows("ledger").map(({ kind }) => kind)).toEqual(["credit", "hold", "release"]);
    expect(rows("usage")).toMatchObject([{ edits: 1, succeeded: 0, credits: 0 }]);
    for (const table of ["ledger", "usage", "due", "outbox", "idempotency"])
      expect(JSON.stringify(rows(table))).not.toContain("beard");
    expect(rows("edits")).toEqual([]);
  });
});

/** Replaces what storage does with a call to delete objects. */
const onDelete = (deleted: (keys: string | string[]) => Promise<void>) =>
  vi.spyOn(Object.getPrototypeOf(env.IMAGES) as R2Bucket, "delete").mockImplementation(deleted);

test("a lease that lapses while storage takes its time to erase is served at once", async () => {
  const { id, account } = await openAccount();
  const edit = await newEdit(id);
  await account.addImage(storedPhoto(await newEdit(id), Date.now() + 1_000));
  await account.createEdit(edit);
  await account.claim(edit.id);
  const stuck = Promise.withResolvers<void>();
  const deletes = onDelete(() => stuck.promise);
  later(1_000);
  const ringing = ring(id);
  await vi.waitFor(() => expect(deletes).toHaveBeenCalled());
  later(LEASE_MS + 1);
  await vi.waitFor(() => expect(queue.sent).toHaveLength(2), { timeout: 5_000 });
  stuck.resolve();
  await ringing;
});

test("250 expired photos take two rounds, of one call to storage each", async () => {
  const { id, account } = await openAccount();
  const calls: number[] = [];
  onDelete(async (keys) => void calls.push(keys.length));
  for (let i = 0; i < 250; i++) await account.addImage(storedPhoto(await newEdit(id), Date.now() + 1_000));
  later(1_000);
  for (let round = 0; round < 2; round++) await ring(id);
  expect(calls).toEqual([200, 50]);
});
