import { expect, test, vi } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { bindings } from "../../test/client.ts";
import { newEdit, openAccount } from "../../test/edits.ts";
import { HeldQueue } from "../../test/held-queue.ts";
import { settingsOf } from "../env.ts";
import { openBacklog } from "./backlog.ts";

const settings = settingsOf(bindings);

/** The test machine may be busy with other work. */
const PATIENT_MS = 10_000;

/** A separate backlog: each GPU function has its own. */
function open(more: Partial<typeof settings> = {}) {
  const own = { ...settings, GPU_URL: `https://${crypto.randomUUID()}.test`, ...more };
  const store = openBacklog(own, PATIENT_MS);
  if (store === null) throw new Error("the tests have an Upstash");
  return store;
}

test("each account writes its own share whole; an account without edits has none", async () => {
  const store = open();
  const [one, other] = [newId("acct"), newId("acct")];
  const until = Date.now() + 60_000;
  await store.write(one, { credits: 3, until }, 1_500);
  await store.write(one, { credits: 5, until }, null);
  await store.write(other, { credits: 7, until }, null);
  const now = Date.now();
  expect(await store.read(now)).toEqual({
    credits: new Map([
      [one, 5],
      [other, 7],
    ]),
    msPerCredit: 1_500,
  });
  await store.write(one, { credits: 0, until: 0 }, null);
  expect((await store.read(now + 2_999))?.credits.size).toBe(2);
  expect((await store.read(now + 3_000))?.credits).toEqual(new Map([[other, 7]]));
});

test("a share counts no longer than its edits can live", async () => {
  const store = open();
  const until = Date.now() + 60_000;
  await store.write(newId("acct"), { credits: 3, until }, null);
  expect((await store.read(until - 1))?.credits.size).toBe(1);
  expect((await store.read(until + 4_000))?.credits.size).toBe(0);
});

test("an outage counts as no backlog, and is soon not asked any more", async () => {
  using log = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const store = open({ UPSTASH_REDIS_REST_URL: "https://nowhere.test" });
  const now = Date.now();
  for (let i = 0; i < 5; i++) expect(await store.read(now + i * 3_000)).toBeNull();
  expect(await store.write(newId("acct"), { credits: 1, until: now + 1_000 }, null)).toBe(false);
  expect(log).toHaveBeenCalledTimes(1);
  expect(openBacklog({ ...settings, UPSTASH_REDIS_REST_URL: undefined })).toBeNull();
});

test("an account's object publishes edits that have waited for a while, and their end", {
  timeout: 60_000,
}, async () => {
  using _queue = new HeldQueue();
  const { id, account } = await openAccount();
  const [one, other] = [await newEdit(id, { credits: 4 }), await newEdit(id, { credits: 6 })];
  const share = async () => (await openBacklog(settings, PATIENT_MS)?.read())?.credits.get(id);
  await account.createEdit(one);
  await account.createEdit(other);
  await expect.poll(share, { timeout: 25_000 }).toBe(10);
  await account.cancelEdit(one.id);
  await account.cancelEdit(other.id);
  await expect.poll(share, { timeout: 15_000 }).toBeUndefined();
});
