import { expect, test, vi } from "vitest";
import type { Edit } from "../../../../shared/edit.ts";
import { type Id, randomSymbols } from "../../../../shared/ids.ts";
import { sha256 } from "../../../../shared/signing.ts";
import { answer, bindings, call, customer, refusal, uploaded } from "../../../test/client.ts";
import { FakeGpu } from "../../../test/fake-gpu.ts";
import { counterIsThere, signed } from "../../../test/signed.ts";
import { Account } from "../../account/account.ts";
import { accountOf } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { sealToken } from "../../tokens/token.ts";

const PROMPT = "a woman wearing glasses";

async function rendering(credits = 100) {
  const owner = await customer({ credits });
  const image = await uploaded(owner.key);
  const constraints = { image, prompts: [PROMPT], max_credits: 1_000 };
  const { url, expires_at } = await signed(owner.key, { action: "render", constraints });
  return { ...owner, image, url, expires_at };
}

async function spent(key: string): Promise<number> {
  const { balance, held } = await answer<{ balance: number; held: number }>(
    call("/v1/account", { key }),
    200,
  );
  return 100 - balance - held;
}

test("the first request runs the edit, later ones are served from storage, and one is charged", async () => {
  using gpu = new FakeGpu();
  const { key, url } = await rendering();
  const first = await call(url, { headers: { Origin: "https://app.example" } });
  expect(first.status).toBe(200);
  expect(first.headers.get("Content-Type")).toBe("image/png");
  expect(first.headers.get("Access-Control-Allow-Origin")).toBe("*");
  expect(first.headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
  const [, seconds] =
    /^private, max-age=(\d+), immutable$/.exec(first.headers.get("Cache-Control") ?? "") ?? [];
  expect(Number(seconds)).toBeGreaterThan(3_500);
  expect(Number(seconds)).toBeLessThanOrEqual(3_600);
  const bytes = new Uint8Array(await first.arrayBuffer());
  const etag = first.headers.get("ETag") ?? "";
  expect(etag).toBe(`"${await sha256(bytes)}"`);
  expect(first.headers.get("Content-Length")).toBe(String(bytes.byteLength));
  const cost = await spent(key);
  expect(cost).toBeGreaterThan(0);

  const again = await call(url);
  expect(new Uint8Array(await again.arrayBuffer())).toEqual(bytes);
  const known = await call(url, { headers: { "If-None-Match": `W/${etag}, "other"` } });
  expect([known.status, await known.text(), known.headers.get("ETag")]).toEqual([304, "", etag]);
  const head = await call(url, { method: "HEAD" });
  expect([head.status, await head.text(), head.headers.get("ETag")]).toEqual([200, "", etag]);
  expect(head.headers.get("Content-Length")).toBe(String(bytes.byteLength));
  expect(gpu.tasks).toHaveLength(1);
  expect(await spent(key)).toBe(cost);
});

test("of concurrent first requests one creates the edit, and all get it", async () => {
  using gpu = new FakeGpu();
  const { key, url } = await rendering();
  const answers = await Promise.all(Array.from({ length: 8 }, () => call(url)));
  const bodies = new Set(await Promise.all(answers.map(async (each) => sha256(await each.bytes()))));
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect(bodies.size).toBe(1);
  expect(gpu.tasks).toHaveLength(1);
  const [task] = gpu.tasks;
  expect(task).toMatchObject({ prompt: PROMPT, source_prompt: "a person." });
  const edit = await answer<Edit>(call(`/v1/edits/${task?.request_id}`, { key }), 200);
  expect(edit.status).toBe("succeeded");
  expect(await spent(key)).toBe(edit.usage.credits);
});

/** No request waits: what would take a minute answers at once. */
function impatient() {
  const wait = vi.spyOn(Account.prototype, "waitForEdit");
  wait.mockImplementation(function (this: Account, id) {
    return this.edit(id);
  });
  return wait;
}

test("an edit that outlasts the wait is joined by the next request", async () => {
  using gpu = new FakeGpu().next({ kind: "succeed", hold: true });
  const { url } = await rendering();
  const wait = impatient();
  for (let i = 0; i < 2; i++) {
    const early = await call(url);
    expect(early.headers.get("Retry-After")).toBe("5");
    expect(early.headers.get("Cache-Control")).toBe("no-store");
    await refusal(early, 503, "gpu_unavailable");
  }
  wait.mockRestore();
  gpu.release();
  expect((await call(url)).status).toBe(200);
  expect(gpu.tasks).toHaveLength(1);
});

test("a permanent failure returns its code every time and costs nothing", async () => {
  using gpu = new FakeGpu().next({ kind: "fail", code: "moderated", detail: "not this", retryable: false });
  const { key, url } = await rendering();
  for (let i = 0; i < 2; i++) await refusal(call(url), 422, "moderated");
  expect(gpu.tasks).toHaveLength(1);
  expect(await spent(key)).toBe(0);
});

test("a photo without a face is found once: its address has no limit of requests, and asks the GPU no more", async () => {
  const noFace = { code: "no_face", detail: "no face is found in the photo" } as const;
  using gpu = new FakeGpu().next({ kind: "fail", ...noFace, retryable: false });
  gpu.refused = noFace;
  const { key, url } = await rendering();
  for (let i = 0; i < 3; i++) await refusal(call(url), 422, "no_face");
  expect([gpu.looks.length, gpu.tasks.length]).toEqual([0, 1]);
  expect(await spent(key)).toBe(0);
});

test("a chance failure is retried by the next request, three times at most", async () => {
  const chance = { kind: "fail", code: "gpu_unavailable", detail: "lost", retryable: false } as const;
  using gpu = new FakeGpu().next(chance, chance);
  const { key, url } = await rendering();
  for (let i = 0; i < 2; i++) await refusal(call(url), 503, "gpu_unavailable");
  const again = await Promise.all([call(url), call(url), call(url)]);
  expect(again.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(gpu.tasks).toHaveLength(3);
  expect(await spent(key)).toBeGreaterThan(0);

  const other = await rendering();
  gpu.next(chance, chance, chance);
  for (let i = 0; i < 5; i++) await refusal(call(other.url), 503, "gpu_unavailable");
  expect(gpu.tasks).toHaveLength(6);
  expect(await spent(other.key)).toBe(0);
});

test("a canceled render stays canceled", async () => {
  using gpu = new FakeGpu().next({ kind: "succeed", hold: true });
  const { account, url } = await rendering();
  const first = call(url);
  await vi.waitFor(() => expect(gpu.tasks).toHaveLength(1), 10_000);
  const edit = gpu.tasks[0]?.request_id as Id<"edit">;
  await accountOf(bindings, account as Id<"acct">).cancelEdit(edit);
  await refusal(first, 409, "conflict");
  await refusal(call(url), 409, "conflict");
});

test("nothing runs without credits, and it runs once there are some", async () => {
  using gpu = new FakeGpu();
  const { account, url } = await rendering(0);
  await refusal(call(url), 402, "insufficient_credits");
  const rpc = accountOf(bindings, account as Id<"acct">);
  await rpc.addCredits({ amount: 100, reason: "for the test", reference: account });
  expect((await call(url)).status).toBe(200);
  expect(gpu.tasks).toHaveLength(1);
});

test("an erased render stays gone", async () => {
  using gpu = new FakeGpu();
  const [one, two, three] = [await rendering(), await rendering(), await rendering()];
  await (await call(one.url)).body?.cancel();
  await call(`/v1/edits/${gpu.tasks[0]?.request_id}`, { method: "DELETE", key: one.key });
  await refusal(call(one.url), 404, "not_found");
  await (await call(two.url)).body?.cancel();
  for (const { image, key } of [two, three]) await call(`/v1/images/${image}`, { method: "DELETE", key });
  await refusal(call(two.url), 404, "not_found");
  await refusal(call(three.url), 404, "not_found");
  expect(gpu.tasks).toHaveLength(2);
});

test("[GET /v1/render/{token} · rate limit] runs count among the edits of the key, views do not", {
  timeout: 60_000,
  retry: 3,
}, async () => {
  using _gpu = new FakeGpu();
  const { key } = await customer({ limits: { edits: 2 } });
  const constraints = { image: await uploaded(key), prompts: [PROMPT] };
  const renders = await Promise.all([1, 2, 3].map(() => signed(key, { action: "render", constraints })));
  await counterIsThere(key);
  const [one, two, three] = renders.map(({ url }) => url);
  for (const url of [one, one, two, one, two]) expect((await call(url ?? "")).status).toBe(200);
  const refused = await call(three ?? "");
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
  await refusal(refused, 429, "rate_limited");
});

test("a malformed or expired token, or one whose key is revoked, shows nothing", async () => {
  using gpu = new FakeGpu();
  const { account, key, keyId, image, url } = await rendering();
  await refusal(call("/v1/render/nothing"), 403, "forbidden");
  const ended = await sealToken(settingsOf(bindings).signingSecrets, {
    act: "render",
    sub: account as Id<"acct">,
    key: keyId as Id<"key">,
    jti: randomSymbols(),
    exp: Math.floor(Date.now() / 1000),
    img: image as Id<"img">,
    prompt: PROMPT,
    pre: "paper",
  });
  expect((await refusal(call(`/v1/render/${ended}`), 403, "forbidden")).detail).toContain("time is over");
  expect((await call(url)).status).toBe(200);
  await call(`/v1/keys/${keyId}`, { method: "DELETE", key: bindings.ADMIN_KEY ?? "" });
  await refusal(call(url), 403, "forbidden");
  await refusal(call("/v1/account", { key }), 401, "unauthorized");
  expect(gpu.tasks).toHaveLength(1);
});

test("a HEAD request runs nothing and costs nothing", async () => {
  using gpu = new FakeGpu();
  const { key, url } = await rendering();
  const head = await call(url, { method: "HEAD" });
  expect([head.status, head.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
  expect(gpu.tasks).toHaveLength(0);
  expect(await answer(call("/v1/account", { key }), 200)).toMatchObject({ balance: 100, held: 0 });
});
