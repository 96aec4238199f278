import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { newId } from "../../../../shared/ids.ts";
import { SCOPES } from "../../../../shared/scopes.ts";
import { answer, bindings, call, customer, refusal } from "../../../test/client.ts";

const admin = bindings.ADMIN_KEY ?? "";

interface Key {
  id: string;
  key: string | null;
  scopes: string[];
  limits: { requests: number; edits: number };
}

test("an account, credits, a key that works, and does not after it is revoked", async () => {
  const { key, keyId, account } = await customer({ credits: 500, scopes: ["edits"] });
  const shown = await answer(call("/v1/account", { key }), 200);
  expect(shown).toMatchObject({
    id: account,
    balance: 500,
    held: 0,
    key: { id: keyId, scopes: ["edits"], limits: { requests: 1200, edits: 60 } },
  });
  expect((await call(`/v1/keys/${keyId}`, { method: "DELETE", key: admin })).status).toBe(204);
  await refusal(call("/v1/account", { key }), 401, "unauthorized");
  await refusal(call(`/v1/keys/${keyId}`, { method: "DELETE", key: admin }), 404, "not_found");
});

test("an Idempotency-Key makes one account, adds credits once and shows a secret once", async () => {
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const post = (path: string, body: unknown) => call(path, { key: admin, headers, body });
  const [first, again] = [
    await post("/v1/accounts", { name: "A" }),
    await post("/v1/accounts", { name: "A" }),
  ];
  expect(again.headers.get("Idempotent-Replayed")).toBe("true");
  const { id } = await answer<{ id: string }>(first, 201);
  expect(await answer(again, 201)).toEqual({
    id,
    name: "A",
    webhook_secret: expect.stringMatching(/^whsec_/),
  });
  await refusal(post("/v1/accounts", { name: "B" }), 409, "idempotency_mismatch");

  const other = { "Idempotency-Key": crypto.randomUUID() };
  const credit = () =>
    call(`/v1/accounts/${id}/credits`, { key: admin, headers: other, body: { amount: 7 } });
  await credit();
  expect(await answer(credit(), 201)).toMatchObject({ balance: 7 });

  const third = { "Idempotency-Key": crypto.randomUUID() };
  const make = () => call("/v1/keys", { key: admin, headers: third, body: { account: id } });
  const made = await answer<Key>(make(), 201);
  const replayed = await answer<Key>(make(), 201);
  expect(made.key).toMatch(/^sk_/);
  expect(replayed).toEqual({ ...made, key: null });
});

test("invalid input is refused with its code", async () => {
  const post = (path: string, body: unknown) => call(path, { key: admin, body });
  await refusal(post("/v1/accounts", {}), 422, "invalid_request");
  await refusal(post("/v1/accounts", { name: 1 }), 422, "invalid_request");
  for (const amount of [0, 1.5, "10", 1e15, -1e15])
    await refusal(post(`/v1/accounts/${newId("acct")}/credits`, { amount }), 422, "invalid_request");
  for (const id of [newId("acct"), "acct_1"]) {
    await refusal(post(`/v1/accounts/${id}/credits`, { amount: 1 }), 404, "not_found");
    await refusal(post("/v1/keys", { account: id }), 404, "not_found");
  }
  await refusal(post("/v1/keys", { account: 1 }), 422, "invalid_request");
  await refusal(post("/v1/keys", { account: newId("acct"), scopes: ["root"] }), 422, "invalid_request");
  for (const id of [newId("key"), "key_1"])
    await refusal(call(`/v1/keys/${id}`, { method: "DELETE", key: admin }), 404, "not_found");
});

test("only the operator's key opens accounts and adds credits", async () => {
  const [plain, manager] = await Promise.all([customer(), customer({ scopes: SCOPES })]);
  const open = (key?: string) => call("/v1/accounts", { key, body: { name: "X" } });
  await refusal(open(), 401, "unauthorized");
  await refusal(open(`${admin}x`), 401, "unauthorized");
  await refusal(open(plain.key), 403, "forbidden");
  for (const { key } of [plain, manager]) {
    await refusal(open(key), 403, "forbidden");
    const credits = `/v1/accounts/${manager.account}/credits`;
    await refusal(call(credits, { key, body: { amount: 1 } }), 403, "forbidden");
    const provenance = { c2pa: false, watermark: false };
    const path = `/v1/accounts/${manager.account}/provenance`;
    await refusal(call(path, { key, method: "PUT", body: provenance }), 403, "forbidden");
  }
  await answer(open(admin), 201);
  await refusal(call("/v1/account", { key: admin }), 401, "unauthorized");
});

test("an account's administrator makes and revokes its own keys, but no other account's", async () => {
  const [own, other] = await Promise.all([customer({ scopes: SCOPES }), customer()]);
  const make = (account: string, key: string) => call("/v1/keys", { key, body: { account, name: "x" } });
  const made = await answer<Key>(make(own.account, own.key), 201);
  await answer(call("/v1/account", { key: made.key ?? "" }), 200);
  await refusal(make(other.account, own.key), 404, "not_found");
  await refusal(make(own.account, made.key ?? ""), 403, "forbidden");
  const revoke = (id: string, key: string) => call(`/v1/keys/${id}`, { method: "DELETE", key });
  await refusal(revoke(other.keyId, own.key), 404, "not_found");
  await answer(call("/v1/account", { key: other.key }), 200);
  expect((await revoke(made.id, own.key)).status).toBe(204);
});

test("an Idempotency-Key of a top-up or an account, reused after its day, is refused for anything else", async () => {
  const { account } = await customer({ credits: 0 });
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const credit = (amount: number) =>
    call(`/v1/accounts/${account}/credits`, { key: admin, headers, body: { amount } });
  const open = (name: string) => call("/v1/accounts", { key: admin, headers, body: { name } });
  await answer(credit(100), 201);
  const { id } = await answer<{ id: string }>(open("First Ltd"), 201);
  for (const each of [account, id]) await forgetRecords(each);
  await refusal(credit(250), 409, "idempotency_mismatch");
  expect(await answer(credit(100), 201)).toMatchObject({ balance: 100 });
  await refusal(open("Second Ltd"), 409, "idempotency_mismatch");
});

test("the operator and an account's keys have separate Idempotency-Keys", async () => {
  const { key, account } = await customer({ scopes: SCOPES });
  const headers = { "Idempotency-Key": "the same" };
  const make = (by: string) => call("/v1/keys", { key: by, headers, body: { account, name: "x" } });
  const [mine, theirs] = [await answer<Key>(make(key), 201), await answer<Key>(make(admin), 201)];
  expect(mine.id).not.toBe(theirs.id);
  for (const { key: secret } of [mine, theirs]) expect(secret).toMatch(/^sk_/);
});

/** Simulates that a day has passed. */
const forgetRecords = (id: string) =>
  runInDurableObject(bindings.ACCOUNTS.getByName(id), (_, { storage }) => {
    storage.sql.exec("DELETE FROM idempotency");
  });
