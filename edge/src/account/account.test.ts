import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { sha256 } from "../../../shared/signing.ts";
import { newEdit, openAccount } from "../../test/edits.ts";
import { HeldQueue } from "../../test/held-queue.ts";
import { accountOf } from "../context.ts";
import type { ImageRow } from "./contract/images.ts";
import type { NewKey } from "./contract/keys.ts";
import type { AccountRpc } from "./contract/rpc.ts";

const HOUR_MS = 3_600_000;

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
  queue[Symbol.dispose]();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

async function newKey(): Promise<NewKey> {
  const secretSha256 = await sha256(crypto.randomUUID());
  return {
    id: newId("key"),
    name: "a key",
    secretSha256,
    scopes: ["edits"],
    limits: { requests: 1200, edits: 60 },
  };
}

test("an account is opened once and survives its object", async () => {
  const { id, account } = await openAccount(5);
  await account.open({ id, name: "another name" });
  await evictDurableObject(env.ACCOUNTS.getByName(id));
  expect(await account.summary()).toEqual({ id, name: "a test", balance: 5, held: 0 });
  expect(await accountOf(env, newId("acct")).summary()).toBeNull();
});

test("credits with the same reference are added once", async () => {
  const { account } = await openAccount(0);
  const payment = { amount: 40, reason: "payment", reference: "pi_1" };
  await Promise.all([account.addCredits(payment), account.addCredits(payment)]);
  expect(await account.addCredits({ ...payment, reference: "pi_2" })).toMatchObject({ balance: 80 });
});

test.each([0, 0.5, -0.5, Number.NaN])("%s is no amount of credits", async (amount) => {
  const { id } = await openAccount(0);
  await runInDurableObject(env.ACCOUNTS.getByName(id), async (object) => {
    const account = object as unknown as AccountRpc;
    await expect(account.addCredits({ amount, reason: "x", reference: "x" })).rejects.toThrow(
      "not an amount",
    );
  });
});

const authenticated = async (account: AccountRpc, key: Pick<NewKey, "id" | "secretSha256">) =>
  (await account.authenticate({ ...key, scope: null, limits: [] }))?.key ?? null;

test("a key authenticates only with its own secret, until it is revoked", async () => {
  const { account } = await openAccount();
  const key = await newKey();
  await account.addKey(key);
  const { secretSha256: _, ...shown } = key;
  expect(await authenticated(account, key)).toEqual({ ...shown, createdAt: Date.now(), lastUsedAt: null });
  for (const wrong of [await sha256("another"), key.secretSha256.slice(1), "", `${key.secretSha256}0`]) {
    expect(await authenticated(account, { id: key.id, secretSha256: wrong })).toBeNull();
  }
  expect(await authenticated(account, { ...key, id: newId("key") })).toBeNull();
  expect(await account.revokeKey(key.id)).toBe(true);
  expect(await account.revokeKey(key.id)).toBe(false);
  expect(await authenticated(account, key)).toBeNull();
});

test("the time of last use is written at most once a minute", async () => {
  const { account } = await openAccount();
  const key = await newKey();
  await account.addKey(key);
  const first = Date.now();
  await authenticated(account, key);
  later(59_000);
  expect(await authenticated(account, key)).toMatchObject({ lastUsedAt: first });
  later(1_000);
  await authenticated(account, key);
  expect(await authenticated(account, key)).toMatchObject({ lastUsedAt: first + 60_000 });
});

test("an idempotency key is new, then running, then replayed for a day", async () => {
  const { id, account } = await openAccount();
  const request = { key: "k", fingerprint: "f" };
  expect(await account.beginIdempotent(request)).toEqual({ state: "new" });
  expect(await account.beginIdempotent(request)).toEqual({ state: "running", retryAfterSeconds: 1 });
  expect(await account.beginIdempotent({ ...request, fingerprint: "g" })).toEqual({ state: "mismatch" });
  await account.completeIdempotent({ key: "k", status: 201, value: { image: "i" } });
  await account.completeIdempotent({ key: "k", status: 500, value: null });
  await account.releaseIdempotent("k");
  const replay = { state: "replay", status: 201, value: { image: "i" } };
  later(24 * HOUR_MS - 1);
  expect(await account.beginIdempotent(request)).toEqual(replay);
  later(1);
  await runDurableObjectAlarm(env.ACCOUNTS.getByName(id));
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    expect(storage.sql.exec("SELECT * FROM idempotency").toArray()).toEqual([]);
  });
  expect(await account.beginIdempotent(request)).toEqual({ state: "new" });
});

test("a claim that was given back or abandoned can be claimed again", async () => {
  const { account } = await openAccount();
  const request = { key: "k", fingerprint: "f" };
  await account.beginIdempotent(request);
  await account.releaseIdempotent("k");
  expect(await account.beginIdempotent(request)).toEqual({ state: "new" });
  later(60_000);
  expect(await account.beginIdempotent({ ...request, fingerprint: "g" })).toEqual({ state: "new" });
});

test("two requests with one idempotency key make one edit, even if the first outlives its claim", async () => {
  const { id, account } = await openAccount();
  const [slow, fast] = [
    await newEdit(id, { idempotencyKey: "k" }),
    await newEdit(id, { idempotencyKey: "k" }),
  ];
  const request = { key: "k", fingerprint: "f" };
  await account.beginIdempotent(request);
  later(60_000);
  await account.beginIdempotent(request);
  const first = await account.createEdit(fast);
  expect(await account.createEdit(slow)).toEqual(first);
  expect(await account.summary()).toMatchObject({ held: 10 });
  expect(await account.beginIdempotent(request)).toEqual({
    state: "replay",
    status: 202,
    value: { edit: fast.id },
  });
});

test("an edit that was not accepted leaves its idempotency record unchanged", async () => {
  const { id, account } = await openAccount(1);
  const request = { key: "k", fingerprint: "f" };
  await account.beginIdempotent(request);
  await account.createEdit(await newEdit(id, { idempotencyKey: "k" }));
  expect(await account.beginIdempotent(request)).toMatchObject({ state: "running" });
});

async function storedImage(account: string, expiresAt: number): Promise<ImageRow> {
  const id = newId("img");
  const key = `${account}/images/${id}`;
  await env.IMAGES.put(key, "photo");
  const size = { bytes: 5, width: 64, height: 64 };
  return {
    id,
    key,
    sha256: await sha256("photo"),
    ...size,
    contentType: "image/png",
    createdAt: 0,
    expiresAt,
  };
}

test("an image is erased after its retention, but not while an edit may still read it", async () => {
  const { id, account } = await openAccount();
  const image = await storedImage(id, Date.now() + HOUR_MS);
  await account.addImage(image);
  expect(await account.image(image.id)).toEqual(image);
  later(HOUR_MS - 1_000);
  await account.createEdit(await newEdit(id, { image, deadline_ms: 10_000 }));
  later(1_000);
  expect(await account.image(image.id)).toBeNull();
  await runDurableObjectAlarm(env.ACCOUNTS.getByName(id));
  expect(await env.IMAGES.head(image.key)).not.toBeNull();
  later(9_000);
  await runDurableObjectAlarm(env.ACCOUNTS.getByName(id));
  await runDurableObjectAlarm(env.ACCOUNTS.getByName(id));
  expect(await env.IMAGES.head(image.key)).toBeNull();
});

test("an edit is erased with everything its attempts wrote; the ledger stays", async () => {
  const { id, account } = await openAccount();
  const { id: edit, ...rest } = await newEdit(id);
  await account.createEdit({ id: edit, ...rest });
  for (const attempt of [1, 2]) {
    expect(await account.claim(edit)).toMatchObject({ attempt });
    await account.yieldClaim({ edit, attempt }, 0);
  }
  await account.cancelEdit(edit);
  const keys = [`${id}/edits/${edit}/1/mask`, `${id}/edits/${edit}/2/result`];
  for (const key of keys) await env.IMAGES.put(key, "content");
  later(24 * HOUR_MS);
  expect(await account.edit(edit)).toBeNull();
  await runDurableObjectAlarm(env.ACCOUNTS.getByName(id));
  for (const key of keys) expect(await env.IMAGES.head(key)).toBeNull();
  await runInDurableObject(env.ACCOUNTS.getByName(id), (_, { storage }) => {
    expect(storage.sql.exec("SELECT * FROM edits").toArray()).toEqual([]);
    expect(storage.sql.exec("SELECT kind FROM ledger WHERE edit = ?", edit).toArray()).toHaveLength(2);
  });
});

test("a failure in the alarm is postponed, and everything else still runs", async () => {
  const { id, account } = await openAccount();
  const [bad, good] = [await storedImage(id, Date.now()), await storedImage(id, Date.now() + 1)];
  await account.addImage({ ...bad, key: "k".repeat(2_000) });
  await account.addImage(good);
  later(1);
  await runDurableObjectAlarm(env.ACCOUNTS.getByName(id));
  expect(await env.IMAGES.head(good.key)).toBeNull();
  await runInDurableObject(env.ACCOUNTS.getByName(id), async (_, { storage }) => {
    expect(storage.sql.exec("SELECT subject, at, tries FROM due").toArray()).toEqual([
      { subject: "k".repeat(2_000), at: Date.now() + 10_000, tries: 0 },
    ]);
    expect(await storage.getAlarm()).toBe(Date.now() + 10_000);
  });
});
