import { afterEach, expect, test, vi } from "vitest";
import { answer, bindings, call, customer, refusal, uploaded } from "../../test/client.ts";
import { HeldQueue } from "../../test/held-queue.ts";
import { png } from "../../test/pictures.ts";
import { Account } from "../account/account.ts";

const PROMPT = "a woman wearing glasses";

afterEach(() => vi.restoreAllMocks());

test("a key is confirmed in the call that accepts its edit", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  const [alone, together] = [
    vi.spyOn(Account.prototype, "authenticate"),
    vi.spyOn(Account.prototype, "createEditWith"),
  ];
  const response = await call("/v1/edits", { key, body: { image, prompt: PROMPT } });
  expect(response.headers.get("RateLimit")).toMatch(/^"requests";r=1198;.*"account-requests";r=5998;/);
  await answer(response, 202);
  // the object itself goes on to authenticate, within that call
  expect([alone.mock.calls.length, together.mock.calls.length]).toEqual([1, 1]);
});

test("a valid order of a key that its account does not accept makes no edit", async () => {
  using queue = new HeldQueue();
  const { key, account } = await customer();
  const image = await uploaded(key);
  const another = (given: object) =>
    answer<{ id: string; key: string }>(
      call("/v1/keys", { key: bindings.ADMIN_KEY ?? "", body: { account, name: "x", ...given } }),
      201,
    );
  const [revoked, narrow, slow] = await Promise.all([
    another({}),
    another({ scopes: ["images"] }),
    another({ limits: { requests: 1 } }),
  ]);
  await call(`/v1/keys/${revoked.id}`, { key: bindings.ADMIN_KEY ?? "", method: "DELETE" });
  await answer(call("/v1/account", { key: slow.key }), 200);
  const post = (given: { key: string }) =>
    call("/v1/edits", { key: given.key, body: { image, prompt: PROMPT } });
  await refusal(post(revoked), 401, "unauthorized");
  await refusal(post(narrow), 403, "forbidden");
  await refusal(post(slow), 429, "rate_limited");
  expect(await answer(call("/v1/account", { key }), 200)).toMatchObject({ balance: 100, held: 0 });
  expect(queue.sent).toEqual([]);
});

test("for a revoked key nothing is stored, and no address is opened", async () => {
  const { key, keyId } = await customer();
  await call(`/v1/keys/${keyId}`, { key: bindings.ADMIN_KEY ?? "", method: "DELETE" });
  const opened = vi.spyOn(globalThis, "fetch");
  const stored = vi.spyOn(Object.getPrototypeOf(bindings.IMAGES), "put");
  for (const image of [
    "https://pictures.test/a.png",
    `data:image/png;base64,${btoa(String.fromCharCode(...png(64, 64)))}`,
  ])
    await refusal(call("/v1/edits", { key, body: { image, prompt: PROMPT } }), 401, "unauthorized");
  expect(opened).not.toHaveBeenCalled();
  expect(stored).not.toHaveBeenCalled();
});
