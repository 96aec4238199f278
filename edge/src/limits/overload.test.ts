import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Edit } from "../../../shared/edit.ts";
import { type Id, newId } from "../../../shared/ids.ts";
import { answer, bindings, call, customer, refusal, uploaded } from "../../test/client.ts";
import { newEdit } from "../../test/edits.ts";
import { HeldQueue } from "../../test/held-queue.ts";
import { png } from "../../test/pictures.ts";
import { app } from "../app.ts";
import { accountOf } from "../context.ts";
import { type Env, settingsOf } from "../env.ts";
import { backlogSeconds } from "./admission.ts";
import { backlogOf } from "./backlog.ts";

const PATH = "/v1/edits";
const { ACCOUNT_EDITS_UNFINISHED: limit } = settingsOf(bindings);

let queue: HeldQueue;

beforeEach(() => {
  queue = new HeldQueue();
});

afterEach(() => {
  queue[Symbol.dispose]();
  vi.useRealTimers();
});

const state = async (key: string) => ({
  ...(await answer<{ balance: number; held: number }>(call("/v1/account", { key }), 200)),
  edits: (await answer<{ data: Edit[] }>(call(`${PATH}?limit=100`, { key }), 200)).data.length,
});

/** Edits of an account that the queue has a message for; the alarm may resend some of other tests' accounts. */
const sentOf = (id: string) =>
  new Set(queue.sent.filter(({ account }) => account === id).map(({ edit }) => edit));

const retryAfter = (response: Response) => Number(response.headers.get("Retry-After"));

/** A customer with room for this many more unfinished edits. */
async function crowded(room: number) {
  const made = await customer({ credits: 100 });
  const id = made.account as Id<"acct">;
  const rows: Id<"edit">[] = [];
  while (rows.length < limit - room) {
    const edit = await newEdit(id, { credits: 1 });
    await accountOf(env, id).createEdit(edit);
    rows.push(edit.id);
  }
  return { ...made, id, rows, image: await uploaded(made.key) };
}

test("[POST /v1/edits · rate limit] above its limit of unfinished edits an account is refused, and nothing is charged or kept", async () => {
  const { key, id, rows, image } = await crowded(1);
  const body = { image, prompt: "a person with a beard" };
  const headers = { "Idempotency-Key": "the last place" };
  const first = await answer<Edit>(call(PATH, { key, body, headers }), 202);
  const before = await state(key);
  expect(before).toMatchObject({ balance: 100 - limit, held: limit, edits: limit });

  const refused = await call(PATH, { key, body, headers: { "Idempotency-Key": "one more" } });
  expect(retryAfter(refused)).toBeGreaterThanOrEqual(1);
  expect(retryAfter(refused)).toBeLessThanOrEqual(600);
  expect((await refusal(refused, 429, "rate_limited")).detail).toContain(String(limit));
  expect(await state(key)).toEqual(before);
  expect(sentOf(id).size).toBe(limit);

  const again = await call(PATH, { key, body, headers });
  expect(again.headers.get("Idempotent-Replayed")).toBe("true");
  expect((await answer<Edit>(again, 202)).id).toBe(first.id);

  await accountOf(env, id).cancelEdit(rows[0] as Id<"edit">);
  const later = await call(PATH, { key, body, headers: { "Idempotency-Key": "one more" } });
  expect(later.headers.get("Idempotent-Replayed")).toBeNull();
  expect((await answer<Edit>(later, 202)).id).not.toBe(first.id);
  expect(await state(key)).toMatchObject({ held: limit });
});

test("several alternatives all find room, or none", async () => {
  const { key, image } = await crowded(1);
  const alternatives = ["a person with a beard", "a person wearing glasses"].map((prompt) => ({ prompt }));
  const before = await state(key);
  const refused = await call("/v1/alternatives", { key, body: { image, alternatives } });
  await refusal(refused, 429, "rate_limited");
  expect(await state(key)).toEqual(before);
});

test("no picture is stored for an edit without room, and missing credits are reported first", async () => {
  const { key, id } = await crowded(0);
  const objects = async () => (await env.IMAGES.list({ prefix: `${id}/` })).objects.length;
  const before = await objects();
  const form = () => {
    const fields = new FormData();
    fields.set("prompt", "a person with a beard");
    fields.set("image", new File([png(64, 80)], "photo.png", { type: "image/png" }));
    return fields;
  };
  const headers = { "Idempotency-Key": "with its photo" };
  await refusal(call(PATH, { key, body: form(), headers }), 429, "rate_limited");
  expect(await objects()).toBe(before);
  const { balance } = await state(key);
  const spent = await newEdit(id, { credits: balance });
  expect(await accountOf(env, id).refusalOf({ ...spent, credits: balance + 1 })).toMatchObject({
    outcome: "insufficient_credits",
  });
});

/** The worker with its own GPUs and this many accounts in line before them, at two seconds per edit. */
async function behind(accounts: number) {
  const variables = { GPU_URL: `https://${crypto.randomUUID()}.test`, GPU_CONTAINERS: "1" };
  const busy = { ...bindings, ...variables } as unknown as Env;
  const store = backlogOf(settingsOf(busy));
  const line = Array.from({ length: accounts }, () => newId("acct"));
  // a busy machine may delay Upstash's answer: then nothing is refused, and nothing tested
  const patient = { timeout: 15_000, interval: 200 };
  const share = async (credits: number) => {
    const until = Date.now() + 60_000;
    for (const account of line)
      await expect.poll(() => store?.write(account, { credits, until }, 2_000), patient).toBe(true);
  };
  await share(50);
  const known = async () => (await store?.read())?.credits.size ?? 0;
  await expect.poll(known, patient).toBe(accounts);
  // what was read stays fresh
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const post = (key: string, body: object, idempotencyKey: string, path = PATH) => {
    const text = JSON.stringify(body);
    const headers = {
      Authorization: `Bearer ${key}`,
      "Content-Type": "application/json",
      "Content-Length": String(text.length),
      "Idempotency-Key": idempotencyKey,
    };
    return Promise.resolve(app.request(path, { method: "POST", headers, body: text }, busy));
  };
  return { busy, post, over: () => share(0) };
}

test("an edit that the GPUs could not finish before its deadline is refused, and nothing is charged or kept", async () => {
  const { post, over } = await behind(13);
  const { key, account } = await customer();
  const body = { image: await uploaded(key), prompt: "a person with a beard", deadline_ms: 60_000 };
  const before = await state(key);
  const [one, two] = [await post(key, body, "one"), await post(key, body, "two")];
  // 13 accounts have two turns each, 52 s, and the edit itself: 6 s more than 80 % of a minute
  expect([one, two].map(retryAfter)).toEqual([6, 8]);
  for (const refused of [one, two]) await refusal(refused, 503, "gpu_unavailable");
  const alternatives = [{ prompt: "a person with a beard" }, { prompt: "a person wearing glasses" }];
  const several = { image: body.image, alternatives, deadline_ms: 60_000 };
  await refusal(await post(key, several, "several", "/v1/alternatives"), 503, "gpu_unavailable");
  expect(await state(key)).toEqual(before);
  expect(sentOf(account).size).toBe(0);

  // enough time, so it is accepted; its key then replays it whatever waits afterwards
  const patient = { ...body, deadline_ms: 600_000 };
  const { id } = await answer<Edit>(await post(key, patient, "three"), 202);
  await refusal(await post(key, body, "four"), 503, "gpu_unavailable");
  const again = await post(key, patient, "three");
  expect(again.headers.get("Idempotent-Replayed")).toBe("true");
  expect((await answer<Edit>(again, 202)).id).toBe(id);

  await over();
  vi.setSystemTime(Date.now() + 3_001);
  const later = await post(key, body, "one");
  expect(later.headers.get("Idempotent-Replayed")).toBeNull();
  await answer(later, 202);
});

test("a mask that finds no room is refused with the length of the backlog", async () => {
  const [crowd, nobody] = await Promise.all([behind(13), behind(0)]);
  expect(await backlogSeconds(settingsOf(crowd.busy))).toBe(13 * 50 * 2);
  expect(await backlogSeconds(settingsOf(nobody.busy))).toBe(0);
});

test("another account's long line does not cause refusals", async () => {
  const { post } = await behind(1);
  const { key } = await customer();
  const body = { image: await uploaded(key), prompt: "a person with a beard", deadline_ms: 60_000 };
  await answer(await post(key, body, "one"), 202);
});
