import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Edit } from "../../../shared/edit.ts";
import type { PromptPolicy } from "../../../shared/moderation/policies.ts";
import { answer, bindings, call, customer, refusal, uploaded } from "../../test/client.ts";
import { FakeGpu } from "../../test/fake-gpu.ts";
import { HeldQueue } from "../../test/held-queue.ts";
import { png } from "../../test/pictures.ts";
import { signed, withToken } from "../../test/signed.ts";
import { app } from "../app.ts";

const HARMLESS = "a woman wearing glasses";

const REFUSED: readonly (readonly [PromptPolicy, string])[] = [
  ["prompt.sexual", "a n u d e woman"],
  ["prompt.minors", "a 12 year old girl"],
  ["prompt.hate", "a swästika on the cheek"],
  ["prompt.real_person", "a man who looks like Barack Obama"],
];

let gpu: FakeGpu;

beforeEach(() => {
  gpu = new FakeGpu();
});

afterEach(() => {
  vi.restoreAllMocks();
  gpu[Symbol.dispose]();
});

const balance = (key: string) => answer<{ balance: number; held: number }>(call("/v1/account", { key }), 200);

/** Nothing was held, stored or sent to the GPU. */
async function expectNothing(key: string): Promise<void> {
  expect(await balance(key)).toMatchObject({ balance: 100, held: 0 });
  expect((await answer<{ data: Edit[] }>(call("/v1/edits", { key }), 200)).data).toEqual([]);
  expect(gpu.tasks).toEqual([]);
}

test.each(REFUSED)("%s refuses an edit before anything is held", async (policy, prompt) => {
  const { key } = await customer();
  const image = await uploaded(key);
  const problem = await refusal(call("/v1/edits", { key, body: { image, prompt } }), 422, "moderated");
  expect(problem).toMatchObject({ policy, request_id: expect.any(String) });
  expect(problem.detail).toContain(policy);
  expect(problem.detail).not.toContain(prompt);
  await expectNothing(key);
});

test("prompts are checked however they are sent", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const prompt = "a naked man";
  const form = new FormData();
  form.set("image", new File([png(64, 80)], "photo.png", { type: "image/png" }));
  form.set("prompt", prompt);
  const bodies: [string, unknown][] = [
    ["/v1/edits", { image, edits: [{ prompt: HARMLESS }, { prompt }] }],
    ["/v1/edits", { image, prompt: HARMLESS, source_prompt: prompt }],
    ["/v1/edits", form],
    ["/v1/alternatives", { image, alternatives: [{ prompt: HARMLESS }, { prompt }] }],
    ["/v1/masks", { image, prompt }],
    ["/v1/masks", { image, edits: [{ prompt: HARMLESS }, { prompt }] }],
    ["/v1/sign", { action: "edit", expires_in: 60, constraints: { prompts: [HARMLESS, prompt] } }],
    ["/v1/sign", { action: "render", expires_in: 60, constraints: { image, prompts: [prompt] } }],
  ];
  for (const [path, body] of bodies)
    expect((await refusal(call(path, { key, body }), 422, "moderated")).policy, path).toBe("prompt.sexual");
  const token = await signed(key, { action: "edit", constraints: { image } });
  await refusal(call(withToken("/v1/edits", token), { body: { image, prompt } }), 422, "moderated");
  await refusal(call(withToken("/v1/masks", token), { body: { image, prompt } }), 422, "moderated");
  await expectNothing(key);
});

test("a refusal leaves no idempotency record: the same key works with another prompt", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  const headers = { "Idempotency-Key": "one-key" };
  for (let i = 0; i < 2; i++)
    await refusal(call("/v1/edits", { key, headers, body: { image, prompt: "a child" } }), 422, "moderated");
  await answer(call("/v1/edits", { key, headers, body: { image, prompt: HARMLESS } }), 202);
});

test("a refusal by the GPU function is the edit's error, costs nothing and is not retried", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const detail = "the result is refused by the policy image.sexual";
  gpu.next({ kind: "fail", code: "moderated", policy: "image.sexual", detail, retryable: false });
  const headers = { Prefer: "wait=20" };
  const edit = await answer<Edit>(
    call("/v1/edits", { key, headers, body: { image, prompt: HARMLESS } }),
    200,
  );
  expect(edit).toMatchObject({ status: "failed", image: null, usage: { credits: 0 } });
  expect(edit.error).toEqual({ code: "moderated", policy: "image.sexual", detail });
  expect(gpu.tasks).toHaveLength(1);
  expect(await balance(key)).toMatchObject({ balance: 100, held: 0 });
});

test("an edit that changed nothing reports so and is not charged", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const detail = "nothing looks different after the edit";
  gpu.next({ kind: "fail", code: "unchanged", detail, retryable: false });
  const edit = await answer<Edit>(
    call("/v1/edits", { key, headers: { Prefer: "wait=20" }, body: { image, prompt: "a clown nose" } }),
    200,
  );
  expect(edit).toMatchObject({ status: "failed", image: null, usage: { credits: 0 } });
  expect(edit.error).toEqual({ code: "unchanged", detail });
  expect(await balance(key)).toMatchObject({ balance: 100, held: 0 });
});

test("a mask refused by the GPU function names the policy", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const failure = { code: "moderated", policy: "prompt.hate", detail: "not this", retryable: false } as const;
  gpu.next({ kind: "fail", ...failure });
  const problem = await refusal(
    call("/v1/masks", { key, body: { image, prompt: HARMLESS } }),
    422,
    "moderated",
  );
  expect(problem.policy).toBe("prompt.hate");
});

test("a policy that is off refuses nothing, and the log and /healthz report that it is off", async () => {
  const said = vi.spyOn(console, "warn").mockImplementation(() => {});
  const env = { ...bindings, GPU_ON_DEMAND: "1", MODERATION_OFF: "prompt.minors, image.age" };
  const health = await app.request("/healthz", {}, env);
  expect(await health.json()).toMatchObject({
    moderation: {
      on: ["prompt.sexual", "prompt.hate", "prompt.real_person", "image.sexual"],
      off: ["prompt.minors", "image.age"],
    },
  });
  await app.request("/healthz", {}, env);
  expect(said).toHaveBeenCalledTimes(1);
  expect(said.mock.calls[0]?.[0]).toContain("MODERATION IS OFF for prompt.minors");

  const { key } = await customer();
  const image = await uploaded(key);
  const asked = (prompt: string) =>
    app.request(
      "/v1/sign",
      {
        method: "POST",
        headers: {
          Authorization: `Bearer ${key}`,
          "Content-Type": "application/json",
          "Content-Length": "200",
        },
        body: JSON.stringify({ action: "edit", expires_in: 60, constraints: { image, prompts: [prompt] } }),
      },
      env,
    );
  expect((await asked("a child")).status).toBe(200);
  expect((await asked("a naked child")).status).toBe(422);
});
