import { expect, test } from "vitest";
import { newId } from "../../../../shared/ids.ts";
import { answer, call, customer, refusal, uploaded } from "../../../test/client.ts";
import { FACES, FakeGpu, FUSION } from "../../../test/fake-gpu.ts";

const PROMPT = "a woman wearing glasses";

interface Answer {
  mask: { id: string; url: string; coverage: number; source: string };
  regions: { prompt: string; coverage: number }[];
}

test("a mask is located once, and returned with its URL, its id and the picture itself", async () => {
  using gpu = new FakeGpu();
  const { key } = await customer();
  const body = { image: await uploaded(key), prompt: PROMPT, grow: 0.01 };
  const first = await answer<Answer>(call("/v1/masks", { key, body }), 200);
  expect(first.mask.source).toBe("pasl");
  expect(first.regions.map(({ prompt }) => prompt)).toEqual([PROMPT]);
  const again = await answer<Answer>(call("/v1/masks", { key, body }), 200);
  expect(again.mask).toMatchObject({ id: first.mask.id, source: "cache", coverage: first.mask.coverage });
  expect(gpu.tasks).toHaveLength(1);
  expect(gpu.tasks[0]).toMatchObject({ locate: [PROMPT], mask_options: { grow: 0.01, invert: false } });

  const { pathname, search } = new URL(again.mask.url);
  const file = await call(pathname + search);
  expect(file.headers.get("Content-Type")).toBe("image/png");
  const direct = await call("/v1/masks", { key, body, headers: { Accept: "image/png" } });
  expect(direct.headers.get("Content-Type")).toBe("image/png");
  expect(await direct.bytes()).toEqual(await file.bytes());
});

test("concurrent requests for a mask have it located once", async () => {
  using gpu = new FakeGpu();
  const { key } = await customer();
  const body = { image: await uploaded(key), prompt: PROMPT };
  gpu.next({ kind: "busy" });
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => answer<Answer>(call("/v1/masks", { key, body }), 200)),
  );
  expect(new Set(answers.map(({ mask }) => mask.id)).size).toBe(1);
  expect(answers.filter(({ mask }) => mask.source === "pasl")).toHaveLength(1);
  // one task, asked for again while the GPU was busy
  expect(new Set(gpu.tasks.map(({ request_id }) => request_id)).size).toBe(1);
});

test("if locating fails for one request, those that waited for it get the failure or try themselves", async () => {
  using gpu = new FakeGpu();
  const { key } = await customer();
  const body = { image: await uploaded(key), prompt: PROMPT };
  gpu.next({ kind: "busy" }, { kind: "fail", code: "internal", detail: "a fault", retryable: true });
  const statuses = await Promise.all(
    Array.from({ length: 3 }, async () => (await call("/v1/masks", { key, body })).status),
  );
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 200, 503]);
});

test("other options and other accounts share nothing", async () => {
  using gpu = new FakeGpu();
  const [mine, other] = await Promise.all([customer(), customer()]);
  const ask = async ({ key }: { key: string }, options = {}) =>
    answer<Answer>(
      call("/v1/masks", { key, body: { image: await uploaded(key), prompt: PROMPT, ...options } }),
      200,
    );
  await ask(mine);
  expect((await ask(mine, { feather: 0.1 })).mask.source).toBe("pasl");
  expect((await ask(other)).mask.source).toBe("pasl");
  expect((await ask(mine)).mask.source).toBe("cache");
  expect(gpu.tasks).toHaveLength(3);
});

test("a busy GPU is asked again; one that is away is a 503 with Retry-After", async () => {
  using gpu = new FakeGpu();
  const { key } = await customer();
  const image = await uploaded(key);
  gpu.next({ kind: "busy" });
  await answer(call("/v1/masks", { key, body: { image, prompt: PROMPT } }), 200);
  gpu.next({ kind: "unreachable" });
  const response = await call("/v1/masks", { key, body: { image, prompt: "a man with a beard" } });
  expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
  await refusal(response, 503, "gpu_unavailable");
});

test("a chosen face reaches the GPU function; all faces and both masks are returned, also from the cache", async () => {
  using gpu = new FakeGpu();
  const { key } = await customer();
  const image = await uploaded(key);
  const ask = (face?: unknown) => call("/v1/masks", { key, body: { image, prompt: PROMPT, face } });
  const first = await answer<Answer>(ask(), 200);
  expect(first).toMatchObject({ faces: FACES, mask: { fusion: FUSION } });
  expect(gpu.tasks.at(-1)).not.toHaveProperty("face");
  expect(await answer<Answer>(ask({ x: 12, y: 20 }), 200)).toMatchObject({ mask: { source: "pasl" } });
  expect(gpu.tasks.at(-1)).toMatchObject({ face: { x: 12, y: 20 } });
  const again = await answer<Answer>(ask(), 200);
  expect(again).toMatchObject({ faces: FACES, mask: { id: first.mask.id, source: "cache", fusion: FUSION } });
  for (const face of [-1, 1.5, "left", { x: 3 }]) await refusal(ask(face), 422, "invalid_request");
  gpu.next({ kind: "fail", code: "no_face", detail: "face 7 is not there", retryable: false });
  await refusal(ask(7), 422, "no_face");
});

test("the GPU function's refusal of a photo reaches the client", async () => {
  using gpu = new FakeGpu();
  const { key } = await customer();
  gpu.next({ kind: "fail", code: "image_rejected", detail: "the image is damaged", retryable: false });
  const body = { image: await uploaded(key), prompt: PROMPT };
  const { detail } = await refusal(call("/v1/masks", { key, body }), 422, "image_rejected");
  expect(detail).toBe("the image is damaged");
});

test("invalid input is refused with its code and asks no GPU", async () => {
  using gpu = new FakeGpu();
  const [{ key }, other] = await Promise.all([customer(), customer()]);
  const [image, theirs] = await Promise.all([uploaded(key), uploaded(other.key)]);
  const post = (body: unknown) => call("/v1/masks", { key, body });
  await refusal(post({ image }), 422, "invalid_request");
  await refusal(post({ image, prompt: PROMPT, grow: 2 }), 422, "invalid_request");
  await refusal(post({ image: newId("img"), prompt: PROMPT }), 404, "not_found");
  await refusal(post({ image: "img_1", prompt: PROMPT }), 404, "not_found");
  await refusal(post({ image: theirs, prompt: PROMPT }), 404, "not_found");
  await refusal(
    call("/v1/masks", { key, body: "{", headers: { "Content-Type": "application/json" } }),
    400,
    "invalid_request",
  );
  await refusal(call("/v1/masks", { body: {} }), 401, "unauthorized");
  expect(gpu.tasks).toHaveLength(0);
});

test("a mask is free but needs credits: with a balance of 0 none is located, and a known one is returned", async () => {
  using gpu = new FakeGpu();
  const [poor, { key }] = await Promise.all([customer({ credits: 0 }), customer({ credits: 1 })]);
  const body = async (by: string) => ({ image: await uploaded(by), prompt: PROMPT });
  await refusal(
    call("/v1/masks", { key: poor.key, body: await body(poor.key) }),
    402,
    "insufficient_credits",
  );
  await answer(call("/v1/masks", { key, body: await body(key) }), 200);
  expect(gpu.tasks).toHaveLength(1);
});

test("located masks count among the edits of their key, four per use of a token", async () => {
  using _gpu = new FakeGpu();
  const { key } = await customer({ limits: { edits: 2 } });
  const image = await uploaded(key);
  const mask = (path: string, prompt: string, by?: string) =>
    call(path, { ...(by && { key: by }), body: { image, prompt } });
  for (const prompt of ["a hat", "a beard"]) await answer(mask("/v1/masks", prompt, key), 200);
  await refusal(mask("/v1/masks", "a smile", key), 429, "rate_limited");
  const other = await customer();
  const photo = await uploaded(other.key);
  const sign = { action: "edit", expires_in: 600, max_uses: 1 };
  const { token } = await answer<{ token: string }>(call("/v1/sign", { key: other.key, body: sign }), 200);
  const path = `/v1/masks?token=${token}`;
  for (const prompt of ["a hat", "a beard", "a smile", "a scarf"])
    await answer(call(path, { body: { image: photo, prompt } }), 200);
  await refusal(call(path, { body: { image: photo, prompt: "a tie" } }), 403, "forbidden");
});
