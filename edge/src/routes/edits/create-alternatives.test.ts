import { afterEach, beforeEach, expect, test } from "vitest";
import type { Edit } from "../../../../shared/edit.ts";
import { newId } from "../../../../shared/ids.ts";
import { answer, call, customer, refusal, uploaded } from "../../../test/client.ts";
import { FakeGpu } from "../../../test/fake-gpu.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { png } from "../../../test/pictures.ts";

const PATH = "/v1/alternatives";
const WISHES = [
  "a woman wearing glasses",
  "a woman with bangs, with red lipstick",
  "a woman with blond hair",
];
const alternatives = WISHES.map((prompt) => ({ prompt }));

let gpu: FakeGpu;

beforeEach(() => {
  gpu = new FakeGpu();
});

afterEach(() => gpu[Symbol.dispose]());

const post = (key: string, body: unknown, headers = {}) => call(PATH, { key, body, headers });
const balance = (key: string) => answer<{ balance: number; held: number }>(call("/v1/account", { key }), 200);

test("each alternative is a separate edit with its own attributes, and all end", async () => {
  const { key } = await customer();
  const body = { image: await uploaded(key), source_prompt: "a woman", alternatives, metadata: { a: "1" } };
  const { data } = await answer<{ data: Edit[] }>(post(key, body), 202);
  expect(new Set(data.map(({ id }) => id)).size).toBe(3);
  for (const { urls } of data) {
    await expect
      .poll(async () => (await answer<Edit>(call(urls.self, { key }), 200)).status, { timeout: 10_000 })
      .toBe("succeeded");
  }
  expect(gpu.tasks.map((task) => "prompt" in task && task.prompt).toSorted()).toEqual(WISHES.toSorted());
  const lipstick = gpu.tasks.find(({ locate }) => locate.length === 2);
  expect(lipstick?.locate[1]).toContain("lipstick");
  const spent =
    data.length * (await answer<Edit>(call(data[0]?.urls.self ?? "", { key }), 200)).usage.credits;
  expect(await balance(key)).toMatchObject({ balance: 100 - spent, held: 0 });
});

test("credits are held for all of them, or for none", async () => {
  using queue = new HeldQueue();
  const { key } = await customer({ credits: 2 });
  const image = await uploaded(key);
  const { detail } = await refusal(post(key, { image, alternatives }), 402, "insufficient_credits");
  expect(detail).toContain("3 credits");
  expect(await balance(key)).toMatchObject({ balance: 2, held: 0 });
  expect(queue.sent).toEqual([]);
  expect((await answer<{ data: Edit[] }>(call("/v1/edits", { key }), 200)).data).toEqual([]);
  await answer(post(key, { image, alternatives: alternatives.slice(1) }), 202);
  expect(await balance(key)).toMatchObject({ balance: 0, held: 2 });
});

test("the same request twice returns the same edits", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const body = { image: await uploaded(key), alternatives };
  const headers = { "Idempotency-Key": "three" };
  const ids = async () =>
    (await answer<{ data: Edit[] }>(post(key, body, headers), 202)).data.map(({ id }) => id);
  const first = await ids();
  const again = await post(key, body, headers);
  expect(again.headers.get("Idempotent-Replayed")).toBe("true");
  expect((await answer<{ data: Edit[] }>(again, 202)).data.map(({ id }) => id)).toEqual(first);
  await refusal(post(key, { ...body, source_prompt: "a man" }, headers), 409, "idempotency_mismatch");
  expect(await balance(key)).toMatchObject({ held: 3 });
});

test("every alternative counts as an edit", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer({ limits: { edits: 4 } });
  const body = { image: await uploaded(key), alternatives };
  await answer(post(key, body), 202);
  await refusal(post(key, body), 429, "rate_limited");
  expect(await balance(key)).toMatchObject({ held: 3 });
});

test("a token must allow each of them, and its uses limit their number", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  const signed = async (constraints: object, max_uses: number) => {
    const grant = { action: "edit", expires_in: 600, max_uses, constraints };
    return (await answer<{ token: string }>(call("/v1/sign", { key, body: grant }), 200)).token;
  };
  const by = (token: string) => call(`${PATH}?token=${token}`, { body: { image, alternatives } });
  await refusal(by(await signed({ prompts: WISHES.slice(1) }, 9)), 403, "forbidden");
  await refusal(by(await signed({}, 2)), 403, "forbidden");
  expect(await balance(key)).toMatchObject({ held: 0 });
  const { data } = await answer<{ data: Edit[] }>(by(await signed({ prompts: WISHES }, 3)), 202);
  expect(data).toHaveLength(3);
});

test("pictures must be uploaded ones of the same size, and at least two alternatives are required", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const mask = await uploaded(key, png(32 + 64, 64));
  await refusal(post(key, { image, mask, alternatives }), 422, "invalid_request");
  await refusal(post(key, { image: "data:image/png;base64,AAAA", alternatives }), 422, "invalid_request");
  await refusal(post(key, { image: newId("img"), alternatives }), 404, "not_found");
  await refusal(post(key, { image: "img_1", alternatives }), 404, "not_found");
  await refusal(post(key, { image, alternatives: alternatives.slice(0, 1) }), 422, "invalid_request");
  await refusal(post(key, { image, alternatives, prompt: WISHES[0] }), 422, "invalid_request");
  expect(gpu.tasks).toEqual([]);
});
