import { beforeEach, expect, test, vi } from "vitest";
import type { Signed } from "../../../shared/sign.ts";
import { answer, bindings, call, customer, refusal, uploaded } from "../../test/client.ts";
import { HeldQueue } from "../../test/held-queue.ts";
import { Account } from "../account/account.ts";
import { settingsOf } from "../env.ts";

const PROMPT = "a woman wearing glasses";
const { ACCOUNT_REQUESTS_A_MINUTE: requests, ACCOUNT_EDITS_A_MINUTE: edits } = settingsOf(bindings);

/** What is left of an account's limits. */
async function left(key: string) {
  const response = await call("/v1/account", { key });
  const remaining = (name: string) =>
    Number(new RegExp(`"${name}";r=(\\d+)`).exec(response.headers.get("RateLimit") ?? "")?.[1]);
  return remaining("account-requests");
}

beforeEach(() => {
  // a window that ends during a test would hide what was counted
  const rest = 60_000 - (Date.now() % 60_000);
  return rest < 15_000 ? new Promise((resolve) => setTimeout(resolve, rest)) : undefined;
}, 20_000);

test("320 posts with a used-up token do not affect the owner's account", { timeout: 90_000 }, async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  const body = { image, prompt: PROMPT };
  const sign = { action: "edit", expires_in: 600, max_uses: 1 };
  const { url } = await answer<Signed>(call("/v1/sign", { key, body: sign }), 200);
  await answer(call(url, { body }), 202);
  const before = await left(key);
  for (let round = 0; round < 10; round++)
    await Promise.all(
      Array.from({ length: 32 }, async () =>
        expect([403, 429]).toContain((await call(url, { body })).status),
      ),
    );
  expect(await left(key)).toBe(before - 1);
  await answer(call("/v1/edits", { key, body }), 202);
});

test("a revoked key, a key without the scope and a key over its own limit use up nothing of the account", async () => {
  const admin = bindings.ADMIN_KEY ?? "";
  const { key, account } = await customer();
  const another = async (given: object) =>
    answer<{ id: string; key: string }>(
      call("/v1/keys", { key: admin, body: { account, name: "x", ...given } }),
      201,
    );
  const [revoked, narrow, slow] = await Promise.all([
    another({}),
    another({ scopes: ["images"] }),
    another({ limits: { requests: 1 } }),
  ]);
  expect((await call(`/v1/keys/${revoked.id}`, { key: admin, method: "DELETE" })).status).toBe(204);
  expect((await call("/v1/account", { key: slow.key })).status).toBe(200);
  const before = await left(key);
  for (let i = 0; i < 20; i++) {
    await refusal(call("/v1/edits", { key: revoked.key, body: {} }), 401, "unauthorized");
    await refusal(call("/v1/edits", { key: narrow.key, body: {} }), 403, "forbidden");
    await refusal(call("/v1/edits", { key: slow.key, body: {} }), 429, "rate_limited");
  }
  expect(await left(key)).toBe(before - 1);
});

test("a token of a revoked key does not reach its account again", async () => {
  const { key, keyId } = await customer();
  const sign = { action: "edit", expires_in: 600 };
  const { url } = await answer<Signed>(call("/v1/sign", { key, body: sign }), 200);
  const revoked = await call(`/v1/keys/${keyId}`, { key: bindings.ADMIN_KEY ?? "", method: "DELETE" });
  expect(revoked.status).toBe(204);
  using asked = vi.spyOn(Account.prototype, "tokenState");
  for (let i = 0; i < 5; i++) await refusal(call(url, { body: {} }), 401, "unauthorized");
  expect(asked).toHaveBeenCalledTimes(1);
});

test("invalid requests count for their key alone", async () => {
  const { key } = await customer();
  const before = await left(key);
  for (let i = 0; i < 10; i++) await refusal(call("/v1/edits", { key, body: {} }), 422, "invalid_request");
  expect(await left(key)).toBe(before - 1);
  const { headers } = await call("/v1/edits", { key, body: {} });
  expect(headers.get("RateLimit")).toMatch(new RegExp(`"account-edits";r=${edits};`));
  expect(before).toBeLessThan(requests);
});
