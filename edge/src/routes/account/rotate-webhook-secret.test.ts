import { expect, test } from "vitest";
import { answer, bindings, call, customer, refusal } from "../../../test/client.ts";

const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

interface WithSecret {
  readonly id: string;
  readonly webhook_secret?: string;
}

const shownTo = async (key: string) =>
  (await answer<WithSecret>(call("/v1/account", { key }), 200)).webhook_secret;

const rotate = (key?: string, headers: Record<string, string> = {}) =>
  call("/v1/account/webhook-secret", { method: "POST", ...(key && { key }), headers });

test("a new account has a secret for its webhooks", async () => {
  const opened = await answer<WithSecret>(
    call("/v1/accounts", { key: bindings.ADMIN_KEY ?? "", body: { name: "Hooked" } }),
    201,
  );
  expect(opened.webhook_secret).toMatch(SECRET);
  const { key } = await answer<{ key: string }>(
    call("/v1/keys", { key: bindings.ADMIN_KEY ?? "", body: { account: opened.id, name: "server" } }),
    201,
  );
  expect(await shownTo(key)).toBe(opened.webhook_secret);
});

test("keys that make edits see the secret, others do not", async () => {
  const { key } = await customer({ scopes: ["edits"] });
  expect(await shownTo(key)).toMatch(SECRET);
  const images = await customer({ scopes: ["images", "sign"] });
  expect(await shownTo(images.key)).toBeUndefined();
});

test("no two accounts have the same secret", async () => {
  const [first, second] = [await customer(), await customer()];
  expect(await shownTo(first.key)).not.toBe(await shownTo(second.key));
});

test("a key that sees the secret can rotate it, once per Idempotency-Key", async () => {
  const { key } = await customer();
  const before = await shownTo(key);
  const once = { "Idempotency-Key": "rotation-1" };
  const first = await answer<WithSecret>(rotate(key, once), 200);
  expect(first.webhook_secret).toMatch(SECRET);
  expect(first.webhook_secret).not.toBe(before);
  const replay = await rotate(key, once);
  expect(replay.headers.get("Idempotent-Replayed")).toBe("true");
  expect(await answer(replay, 200)).toEqual(first);
  expect(await shownTo(key)).toBe(first.webhook_secret);
});

test("without a key or without the scope edits the secret stays", async () => {
  const { key, account } = await customer();
  const body = { account, scopes: ["images", "sign", "admin"] };
  const other = await answer<{ key: string }>(call("/v1/keys", { key: bindings.ADMIN_KEY ?? "", body }), 201);
  const before = await shownTo(key);
  await refusal(rotate(), 401, "unauthorized");
  await refusal(rotate(other.key), 403, "forbidden");
  expect(await shownTo(key)).toBe(before);
});
