import { afterEach, beforeEach, expect, test } from "vitest";
import { type Edit, editSchema } from "../../../../shared/edit.ts";
import { newId } from "../../../../shared/ids.ts";
import type { Upload } from "../../../../shared/sign.ts";
import { answer, bindings, call, customer, refusal, uploaded } from "../../../test/client.ts";
import { FakeGpu } from "../../../test/fake-gpu.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { png } from "../../../test/pictures.ts";

let gpu: FakeGpu;

beforeEach(() => {
  gpu = new FakeGpu();
});

afterEach(() => gpu[Symbol.dispose]());

const PROMPT = "a woman wearing glasses";

interface Mask {
  mask: { id: string; url: string; source: string };
}

const erase = (id: string, key?: string) =>
  call(`/v1/images/${id}`, { method: "DELETE", ...(key !== undefined && { key }) });

const edited = async (key: string, body: object): Promise<Edit> =>
  editSchema.parse(await answer(call("/v1/edits", { key, body, headers: { Prefer: "wait=10" } }), 200));

const masked = (key: string, image: string, headers = {}) =>
  answer<Mask>(call("/v1/masks", { key, headers, body: { image, prompt: PROMPT } }), 200);

const keysOf = async (account: string) =>
  (await bindings.IMAGES.list({ prefix: `${account}/` })).objects.map(({ key }) => key);

test("everything made from it is erased: edits that use it as photo or mask, masks, the cache's entries", async () => {
  const { key, account } = await customer();
  const image = await uploaded(key, png(64, 64));
  const [first, mask] = [await edited(key, { image, prompt: PROMPT }), await masked(key, image)];
  const second = await edited(key, {
    image: await uploaded(key, png(64, 64, [], 9)),
    mask: image,
    prompt: PROMPT,
  });
  const unrelated = await uploaded(key, png(64, 64, [], 10));
  const kept = await edited(key, { image: unrelated, prompt: "a man with a beard" });

  expect((await erase(image, key)).status).toBe(204);
  for (const { id } of [first, second]) await refusal(call(`/v1/edits/${id}`, { key }), 404, "not_found");
  for (const url of [first.image?.url, second.mask?.url, mask.mask.url])
    await refusal(call(url ?? ""), 404, "not_found");
  for (const id of [image, mask.mask.id]) {
    await refusal(call("/v1/edits", { key, body: { image: id, prompt: PROMPT } }), 404, "not_found");
    await refusal(erase(id, key), 404, "not_found");
  }
  await answer(call(`/v1/edits/${kept.id}`, { key }), 200);

  const asked = gpu.tasks.length;
  const again = await uploaded(key, png(64, 64));
  expect((await masked(key, again)).mask.source).toBe("pasl");
  expect(gpu.tasks).toHaveLength(asked + 1);
  for (const name of await keysOf(account)) expect(name).not.toContain(image);
});

test("the answer stored for a mask's Idempotency-Key is erased with it", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const headers = { "Idempotency-Key": "mask-1" };
  await masked(key, image, headers);
  await erase(image, key);
  await refusal(call("/v1/masks", { key, headers, body: { image, prompt: PROMPT } }), 404, "not_found");
});

test("deleting only a mask keeps the photo and everything else made from it", async () => {
  const { key } = await customer();
  const image = await uploaded(key);
  const { mask } = await masked(key, image);
  const edit = await edited(key, { image, prompt: PROMPT });
  expect((await erase(mask.id, key)).status).toBe(204);
  await refusal(call(mask.url), 404, "not_found");
  await answer(call(`/v1/edits/${edit.id}`, { key }), 200);
  expect((await masked(key, image)).mask.id).not.toBe(mask.id);
});

test("edits that wait for it are canceled and cost nothing", async () => {
  using _queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  for (let made = 0; made < 3; made++)
    await answer(call("/v1/edits", { key, body: { image, prompt: PROMPT } }), 202);
  expect((await erase(image, key)).status).toBe(204);
  expect(await answer(call("/v1/account", { key }), 200)).toMatchObject({ balance: 100, held: 0 });
  expect(await answer(call("/v1/edits", { key }), 200)).toMatchObject({ data: [] });
});

test("an image can be erased only by its account", async () => {
  const [mine, other, edits] = [await customer(), await customer(), await customer({ scopes: ["edits"] })];
  const image = await uploaded(mine.key);
  await refusal(erase(image, other.key), 404, "not_found");
  for (const unknown of [newId("img"), "img_1", newId("edit")])
    await refusal(erase(unknown, mine.key), 404, "not_found");
  await refusal(erase(image), 401, "unauthorized");
  await refusal(erase(image, edits.key), 403, "forbidden");
  await masked(mine.key, image);
});

test("after an erasure, asking for an upload under the same Idempotency-Key gives a URL that takes a photo", async () => {
  const { key } = await customer();
  const headers = { "Idempotency-Key": "the upload" };
  const begin = () =>
    answer<Upload>(call("/v1/uploads", { key, body: { content_type: "image/png" }, headers }), 200);
  const put = ({ url }: Upload) =>
    call(url, { method: "PUT", body: png(64, 80), headers: { "Content-Type": "image/png" } });
  const first = await begin();
  await answer(put(first), 201);
  expect(await begin()).toEqual(first);
  expect((await call(`/v1/images/${first.image_id}`, { key, method: "DELETE" })).status).toBe(204);
  const second = await begin();
  expect(second.image_id).not.toBe(first.image_id);
  await answer(put(second), 201);
});

test("after an erasure, uploading the photo under the same Idempotency-Key makes a new image", async () => {
  const { key } = await customer();
  const upload = () =>
    call("/v1/images", {
      key,
      body: png(64, 80),
      headers: { "Content-Type": "image/png", "Idempotency-Key": "the photo" },
    });
  const { id } = await answer<{ id: string }>(upload(), 201);
  expect((await call(`/v1/images/${id}`, { key, method: "DELETE" })).status).toBe(204);
  const again = await answer<{ id: string }>(upload(), 201);
  expect(again.id).not.toBe(id);
  await answer(call("/v1/masks", { key, body: { image: id, prompt: "a hat" } }), 404);
});
