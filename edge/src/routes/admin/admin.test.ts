import { expect, test } from "vitest";
import { newId } from "../../../../shared/ids.ts";
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

test("an Idempotency-Key makes one account, adds credits once, shows a secret once", async () => {
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

test("bad input has its code", async () => {
  const post = (path: string, body: unknown) => call(path, { key: admin, body });
  await refusal(post("/v1/accounts", {}), 422, "invalid_request");
  await refusal(post("/v1/accounts", { name: 1 }), 422, "invalid_request");
  for (const amount of [0, -5, 1.5, "10", 1e15])
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

test("administration takes the admin key, or a key with scope admin", async () => {
  const [plain, operator] = await Promise.all([customer(), customer({ scopes: ["admin"] })]);
  const open = (key?: string) => call("/v1/accounts", { key, body: { name: "X" } });
  await refusal(open(), 401, "unauthorized");
  await refusal(open(`${admin}x`), 401, "unauthorized");
  await refusal(open(plain.key), 403, "forbidden");
  await answer(open(operator.key), 201);
  await refusal(call("/v1/keys", { key: plain.key, body: { account: plain.account } }), 403, "forbidden");
  await refusal(
    call(`/v1/accounts/${plain.account}/credits`, { key: plain.key, body: { amount: 1 } }),
    403,
    "forbidden",
  );
  await refusal(call("/v1/account", { key: admin }), 401, "unauthorized");
});
