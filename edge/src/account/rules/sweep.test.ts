import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newEdit, openAccount, storedPhoto } from "../../../test/edits.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { LEASE_MS } from "./lifecycle.ts";

const SECOND_MS = 1_000;

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  queue[Symbol.dispose]();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const ring = (id: string) => runDurableObjectAlarm(env.ACCOUNTS.getByName(id));

/** Replaces what storage does with a call to delete objects. */
const onDelete = (deleted: (keys: string | string[]) => Promise<void>) =>
  vi.spyOn(Object.getPrototypeOf(env.IMAGES) as R2Bucket, "delete").mockImplementation(deleted);

test("a lease that lapses while storage takes its time to erase is served at once", async () => {
  const { id, account } = await openAccount();
  const edit = await newEdit(id);
  await account.addImage(storedPhoto(await newEdit(id), Date.now() + SECOND_MS));
  await account.createEdit(edit);
  await account.claim(edit.id);
  const stuck = Promise.withResolvers<void>();
  const deletes = onDelete(() => stuck.promise);
  later(SECOND_MS);
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
  for (let i = 0; i < 250; i++)
    await account.addImage(storedPhoto(await newEdit(id), Date.now() + SECOND_MS));
  later(SECOND_MS);
  for (let round = 0; round < 2; round++) await ring(id);
  expect(calls).toEqual([200, 50]);
});
