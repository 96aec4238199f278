// Refusals before credits are held: no face in the photo, or a prompt that asks for nothing the model knows.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Account } from "../../../shared/answers.ts";
import type { Edit } from "../../../shared/edit.ts";
import { answer, call, customer, refusal, uploaded } from "../../test/client.ts";
import { FakeGpu } from "../../test/fake-gpu.ts";
import { png } from "../../test/pictures.ts";
import { signed } from "../../test/signed.ts";

let gpu: FakeGpu;

beforeEach(() => {
  gpu = new FakeGpu();
});

afterEach(() => gpu[Symbol.dispose]());

const NO_FACE = { code: "no_face", detail: "no face is found in the photo" } as const;
const PROMPT = "a woman wearing glasses";

const balance = async (key: string) => {
  const { balance, held } = await answer<Account>(call("/v1/account", { key }), 200);
  return { balance, held };
};

const edits = async (key: string) =>
  (await answer<{ data: Edit[] }>(call("/v1/edits", { key }), 200)).data.length;

test("a photo without a face is refused, nothing is held, and no edit exists", async () => {
  const { key } = await customer();
  const before = await balance(key);
  gpu.refused = NO_FACE;
  const body = { image: await uploaded(key), prompt: PROMPT };
  const { detail } = await refusal(call("/v1/edits", { key, body }), 422, "no_face");
  expect(detail).toBe(NO_FACE.detail);
  expect(await balance(key)).toEqual(before);
  expect(await edits(key)).toBe(0);
  expect(gpu.tasks).toEqual([]);
  expect(gpu.looks).toMatchObject([
    { prompt: PROMPT, locate: [PROMPT], photo: { sha256: expect.any(String) } },
  ]);
});

test("a prompt without a known attribute is refused, even with a mask", async () => {
  const { key } = await customer();
  gpu.refused = { code: "invalid_request", detail: '"beach" was left out' };
  const body = { image: await uploaded(key), mask: await uploaded(key), prompt: "beach" };
  const problem = await refusal(call("/v1/edits", { key, body }), 422, "invalid_request");
  expect(problem.errors).toEqual([{ path: "prompt", message: '"beach" was left out' }]);
  expect(gpu.looks).toMatchObject([{ photo: null }]);
});

test("several edits of a photo are all accepted, or none of them", async () => {
  const { key } = await customer();
  gpu.refused = NO_FACE;
  const alternatives = [{ prompt: PROMPT }, { prompt: "a woman with a hat" }];
  const body = { image: await uploaded(key), alternatives };
  await refusal(call("/v1/alternatives", { key, body }), 422, "no_face");
  expect(await edits(key)).toBe(0);
});

test("a photo that came along is erased if the edit is refused", async () => {
  const { key } = await customer();
  gpu.refused = NO_FACE;
  const form = new FormData();
  form.set("image", new File([png(64, 64, [], 3)], "teal.png", { type: "image/png" }));
  form.set("prompt", PROMPT);
  await refusal(call("/v1/edits", { key, body: form }), 422, "no_face");
  const { url } = gpu.looks[0]?.photo ?? { url: "" };
  expect((await call(new URL(url).pathname + new URL(url).search)).status).toBe(404);
});

test("an accepted edit stays accepted for its idempotency key; the key of a refusal is free", async () => {
  const { key } = await customer();
  const body = { image: await uploaded(key), prompt: PROMPT };
  const headers = { "Idempotency-Key": "order-1" };
  const first = await answer<Edit>(call("/v1/edits", { key, body, headers }), 202);
  gpu.refused = NO_FACE;
  const again = await answer<Edit>(call("/v1/edits", { key, body, headers }), 202);
  expect(again.id).toBe(first.id);
  const other = {
    key,
    body: { ...body, prompt: "a woman with a beard" },
    headers: { "Idempotency-Key": "2" },
  };
  await refusal(call("/v1/edits", other), 422, "no_face");
  gpu.refused = null;
  await answer(call("/v1/edits", other), 202);
});

test("a photo whose mask was located before is not checked again, nor one of an account that cannot pay", async () => {
  const { key } = await customer();
  const body = { image: await uploaded(key), prompt: PROMPT };
  await answer(call("/v1/masks", { key, body }), 200);
  await answer(call("/v1/edits", { key, body }), 202);
  expect(gpu.looks).toEqual([]);
  const poor = await customer({ credits: 0 });
  await refusal(
    call("/v1/edits", { key: poor.key, body: { image: await uploaded(poor.key), prompt: PROMPT } }),
    402,
    "insufficient_credits",
  );
  expect(gpu.looks).toEqual([]);
});

test("a used-up token asks no GPU: its holder could repeat the request without end", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const { url } = await signed(key, { action: "edit", max_uses: 1 });
  await answer(call(url, { body: { image, prompt: PROMPT } }), 202);
  const looks = gpu.looks.length;
  for (const prompt of ["a woman with a hat", "a woman with a scarf"]) {
    await refusal(call(url, { body: { image, prompt } }), 403, "forbidden");
    const alternatives = [{ prompt }, { prompt: "a woman with a beard" }];
    const several = url.replace("/v1/edits", "/v1/alternatives");
    await refusal(call(several, { body: { image, alternatives } }), 403, "forbidden");
  }
  expect(gpu.looks).toHaveLength(looks);
});
