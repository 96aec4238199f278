import { expect, test, vi } from "vitest";
import type { Edit } from "../../../shared/edit.ts";
import type { Id } from "../../../shared/ids.ts";
import { answer, bindings, call, customer, refusal, uploaded } from "../../test/client.ts";
import { FakeGpu } from "../../test/fake-gpu.ts";
import { HeldQueue } from "../../test/held-queue.ts";
import { png } from "../../test/pictures.ts";
import { counterIsThere, signed, withToken } from "../../test/signed.ts";
import { accountOf } from "../context.ts";

const PROMPT = "a woman wearing glasses";
const BROWSER = { Origin: "https://app.example" };
const DATA_URL = `data:image/png;base64,${btoa(String.fromCharCode(...png(64, 64)))}`;

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  call(url, { body, headers: { ...BROWSER, ...headers } });

test("a page edits, reads and waits with nothing but a token", async () => {
  using _gpu = new FakeGpu();
  const { key } = await customer();
  const image = await uploaded(key);
  const token = await signed(key, { action: "edit", constraints: { image, prompts: [PROMPT] } });
  const made = await post(token.url, { image, prompt: ` ${PROMPT} ` }, { Prefer: "wait=60" });
  expect(made.headers.get("Access-Control-Allow-Origin")).toBe("*");
  const edit = await answer<Edit>(made, 200);
  expect(edit.status).toBe("succeeded");
  expect(edit.urls.self).toBe(withToken(`https://edge.test/v1/edits/${edit.id}`, token));
  expect(await answer(call(edit.urls.self, { headers: BROWSER }), 200)).toMatchObject({ id: edit.id });
  expect((await call(edit.image?.url ?? "")).status).toBe(200);
  const seen = await answer<Edit>(call(`/v1/edits/${edit.id}`, { key }), 200);
  expect(seen.urls.self).not.toContain("token");
});

test("a page follows and cancels the edits of its token", async () => {
  using gpu = new FakeGpu().next({ kind: "succeed", hold: true });
  const { key } = await customer();
  const image = await uploaded(key);
  const token = await signed(key, { action: "edit" });
  const { urls } = await answer<Edit>(post(token.url, { image, prompt: PROMPT }), 202);
  const events = await call(urls.events, { headers: BROWSER });
  expect(events.headers.get("Content-Type")).toContain("text/event-stream");
  await answer(call(urls.cancel, { method: "POST", headers: BROWSER }), 200);
  const stream = await events.text();
  expect(stream).toContain("event: canceled");
  expect(stream).toContain(token.token);
  gpu.release();
});

test("an edit token locates masks of its image and prompt", async () => {
  using _gpu = new FakeGpu();
  const { key } = await customer();
  const [image, other] = [await uploaded(key), await uploaded(key, png(64, 90))];
  const token = await signed(key, { action: "edit", constraints: { image, prompts: [PROMPT] } });
  const url = withToken("/v1/masks", token);
  await answer(post(url, { image, prompt: PROMPT }), 200);
  await refusal(post(url, { image: other, prompt: PROMPT }), 403, "forbidden");
  await refusal(post(url, { image: DATA_URL, prompt: PROMPT }), 403, "forbidden");
  await refusal(post(url, { image, prompt: "a beard" }), 403, "forbidden");
});

test("what a token does not allow is refused, takes no use and holds no credits", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const [image, other] = [await uploaded(key), await uploaded(key, png(64, 90))];
  const constraints = { image, prompts: [PROMPT], presets: ["paper"] };
  const token = await signed(key, { action: "edit", max_uses: 1, constraints });
  const form = new FormData();
  form.set("image", new File([png(64, 64)], "a.png", { type: "image/png" }));
  form.set("prompt", PROMPT);
  const beyond: [unknown, RegExp][] = [
    [{ image: other, prompt: PROMPT }, /another image/],
    [{ image: DATA_URL, prompt: PROMPT }, /another image/],
    [form, /another image/],
    [{ image, prompt: "a woman wearing glasses and a hat" }, /other prompts/],
    [{ image, edits: [{ prompt: PROMPT }, { prompt: "a beard" }] }, /other prompts/],
    [{ image, prompt: PROMPT, schedule: { steps: 30, structuring_steps: 3 } }, /these presets only: paper/],
    [{ image, prompt: PROMPT, webhook_url: "https://example.com/hook" }, /webhook_url/],
  ];
  for (const [body, why] of beyond)
    expect((await refusal(post(token.url, body), 403, "forbidden")).detail).toMatch(why);
  await refusal(post(token.url, { image, prompt: "" }), 422, "invalid_request");
  expect(await answer(call("/v1/account", { key }), 200)).toMatchObject({ balance: 100, held: 0 });
  await answer(post(token.url, { image, prompt: PROMPT, mask: "auto" }), 202);
});

test("uses are exact under concurrency", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer({ limits: { edits: 1_000 } });
  const image = await uploaded(key);
  const token = await signed(key, { action: "edit", max_uses: 5 });
  const edit = () => post(token.url, { image, prompt: PROMPT });
  const statuses = (await Promise.all(Array.from({ length: 12 }, edit))).map(({ status }) => status);
  expect(statuses.sort()).toEqual([...Array(5).fill(202), ...Array(7).fill(403)]);
  expect((await refusal(edit(), 403, "forbidden")).detail).toBe("the token is used up");
});

test("pictures sent with an edit beyond the last use are not even stored", async () => {
  using _queue = new HeldQueue();
  const { key, account } = await customer();
  const token = await signed(key, { action: "edit", max_uses: 1 });
  const stored = async () => (await bindings.IMAGES.list({ prefix: `${account}/images/` })).objects.length;
  await answer(post(token.url, { image: DATA_URL, prompt: PROMPT }), 202);
  expect(await stored()).toBe(1);
  await refusal(post(token.url, { image: DATA_URL, prompt: PROMPT }), 403, "forbidden");
  expect(await stored()).toBe(1);
});

test("an edit that the account cannot pay takes no use", async () => {
  using _queue = new HeldQueue();
  const { key, account } = await customer({ credits: 0 });
  const image = await uploaded(key);
  const token = await signed(key, { action: "edit", max_uses: 1 });
  await refusal(post(token.url, { image, prompt: PROMPT }), 402, "insufficient_credits");
  const rpc = accountOf(bindings, account as Id<"acct">);
  await rpc.addCredits({ amount: 10, reason: "for the test", reference: account });
  await answer(post(token.url, { image, prompt: PROMPT }), 202);
});

test("a replay takes no second use, and Idempotency-Keys of other bearers are unknown", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  const [one, two] = await Promise.all([
    signed(key, { action: "edit", max_uses: 1 }),
    signed(key, { action: "edit", max_uses: 1 }),
  ]);
  const body = { image, prompt: PROMPT };
  const named = { "Idempotency-Key": "order-1" };
  const first = await answer<Edit>(post(one.url, body, named), 202);
  const again = await post(one.url, body, named);
  expect(again.headers.get("Idempotent-Replayed")).toBe("true");
  expect((await again.json<Edit>()).id).toBe(first.id);
  const other = await answer<Edit>(post(two.url, body, named), 202);
  const owner = await answer<Edit>(call("/v1/edits", { key, body, headers: named }), 202);
  expect(new Set([first.id, other.id, owner.id]).size).toBe(3);
});

test("a token has its own count, below the limits of its key", { timeout: 60_000, retry: 3 }, async () => {
  const { key } = await customer({ limits: { edits: 2 } });
  const image = await uploaded(key);
  const [one, two] = await Promise.all([1, 2].map(() => signed(key, { action: "edit" })));
  const edit = (url = "") => post(url, { image, prompt: PROMPT });
  await counterIsThere(key);
  const first = await edit(one?.url);
  expect(first.headers.get("RateLimit")).toContain('"edits";r=1');
  await answer(first, 202);
  await answer(edit(one?.url), 202);
  const third = await edit(one?.url);
  expect(third.headers.get("Retry-After")).not.toBeNull();
  await refusal(third, 429, "rate_limited");
  await answer(edit(two?.url), 202);
});

test("if both a key and a token are sent, the key counts", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  const token = await signed(key, { action: "edit", max_uses: 1, constraints: { prompts: [PROMPT] } });
  const edit = await answer<Edit>(call(token.url, { key, body: { image, prompt: "a beard" } }), 202);
  expect(edit.urls.self).not.toContain("token");
  await refusal(call(token.url, { key: "sk_wrong", body: { image, prompt: PROMPT } }), 401, "unauthorized");
  await answer(post(token.url, { image, prompt: PROMPT }), 202);
});

test("the log has neither token nor query", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  const token = await signed(key, { action: "edit" });
  const log = vi.spyOn(console, "log");
  const edit = await answer<Edit>(post(token.url, { image, prompt: PROMPT }), 202);
  await answer(call(edit.urls.self), 200);
  await refusal(call(`/v1/render/${token.token}`), 403, "forbidden");
  const lines = log.mock.calls.map(String).join("\n");
  log.mockRestore();
  for (const route of ["/v1/edits", "/v1/edits/:id", "/v1/render/:token"])
    expect(lines).toContain(`"route":"${route}"`);
  for (const secret of [token.token, token.token.slice(-20), "glasses"]) expect(lines).not.toContain(secret);
});
