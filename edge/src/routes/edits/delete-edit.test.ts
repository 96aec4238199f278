import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Edit, editSchema } from "../../../../shared/edit.ts";
import { newId } from "../../../../shared/ids.ts";
import { answer, bindings, call, customer, refusal, uploaded } from "../../../test/client.ts";
import { FakeGpu } from "../../../test/fake-gpu.ts";
import { png } from "../../../test/pictures.ts";

let gpu: FakeGpu;

beforeEach(() => {
  gpu = new FakeGpu();
});

afterEach(() => gpu[Symbol.dispose]());

const PROMPT = "a woman wearing glasses";

const erase = (id: string, key?: string) =>
  call(`/v1/edits/${id}`, { method: "DELETE", ...(key !== undefined && { key }) });

async function succeeded(key: string, body: FormData | object): Promise<Edit> {
  return editSchema.parse(
    await answer(call("/v1/edits", { key, body, headers: { Prefer: "wait=10" } }), 200),
  );
}

const keysOf = async (account: string) =>
  (await bindings.IMAGES.list({ prefix: `${account}/` })).objects.map(({ key }) => key);

test("a deleted edit is unknown everywhere: itself, its events, its files, in the list", async () => {
  const { key, account } = await customer();
  const image = await uploaded(key);
  const edit = await succeeded(key, { image, prompt: PROMPT });
  const files = [edit.image?.url ?? "", edit.mask?.url ?? ""];
  for (const file of files) expect((await call(file)).status).toBe(200);
  const gone = await erase(edit.id, key);
  expect([gone.status, await gone.text()]).toEqual([204, ""]);
  for (const file of files) await refusal(call(file), 404, "not_found");
  await refusal(call(`/v1/edits/${edit.id}`, { key }), 404, "not_found");
  await refusal(call(`/v1/edits/${edit.id}/events`, { key }), 404, "not_found");
  await refusal(call(`/v1/edits/${edit.id}/cancel`, { key, method: "POST" }), 404, "not_found");
  await refusal(erase(edit.id, key), 404, "not_found");
  expect(await answer(call("/v1/edits", { key }), 200)).toMatchObject({ data: [] });
  expect((await keysOf(account)).filter((name) => name.includes("/edits/"))).toEqual([]);
  // The photo existed before the edit, and stays.
  await answer(call("/v1/masks", { key, body: { image, prompt: PROMPT } }), 200);
  expect(await answer(call("/v1/account", { key }), 200)).toMatchObject({ balance: 99, held: 0 });
});

test("pictures that came with it are erased too, and masks located on them", async () => {
  const { key, account } = await customer();
  const withMask = new FormData();
  withMask.set("image", new File([png(64, 64, [], 7)], "portrait.png", { type: "image/png" }));
  withMask.set("mask", new File([png(64, 64, [], 255)], "mask.png", { type: "image/png" }));
  withMask.set("prompt", PROMPT);
  const located = new FormData();
  located.set("image", new File([png(64, 64, [], 8)], "portrait.png", { type: "image/png" }));
  located.set("prompt", PROMPT);
  for (const form of [withMask, located]) {
    const { id } = await succeeded(key, form);
    expect(await keysOf(account)).not.toEqual([]);
    expect((await erase(id, key)).status).toBe(204);
    expect(await keysOf(account)).toEqual([]);
  }
});

test("a running edit is canceled first: nothing is charged, and what it still writes is erased", async () => {
  gpu.next({ kind: "succeed", hold: true });
  const { key } = await customer();
  const body = { image: await uploaded(key), prompt: PROMPT };
  const { id } = await answer<Edit>(call("/v1/edits", { key, body }), 202);
  await vi.waitFor(
    async () =>
      expect(await answer<Edit>(call(`/v1/edits/${id}`, { key }), 200)).toMatchObject({ status: "running" }),
    { timeout: 5_000, interval: 20 },
  );
  expect((await erase(id, key)).status).toBe(204);
  expect(await answer(call("/v1/account", { key }), 200)).toMatchObject({ balance: 100, held: 0 });
  await vi.waitFor(() => expect(gpu.abandoned).toBe(1), { timeout: 5_000, interval: 20 });
  await refusal(call(`/v1/edits/${id}`, { key }), 404, "not_found");
});

test("a replay of the request that created it finds it gone", async () => {
  const { key } = await customer();
  const request = {
    key,
    body: { image: await uploaded(key), prompt: PROMPT },
    headers: { "Idempotency-Key": "erased", Prefer: "wait=10" },
  };
  const { id } = await answer<Edit>(call("/v1/edits", request), 200);
  await erase(id, key);
  await refusal(call("/v1/edits", request), 404, "not_found");
});

test("an edit can be erased only by its account", async () => {
  const [mine, other, images] = [await customer(), await customer(), await customer({ scopes: ["images"] })];
  const { id } = await succeeded(mine.key, { image: await uploaded(mine.key), prompt: PROMPT });
  await refusal(erase(id, other.key), 404, "not_found");
  for (const unknown of [newId("edit"), "edit_1"]) await refusal(erase(unknown, mine.key), 404, "not_found");
  await refusal(erase(id), 401, "unauthorized");
  await refusal(erase(id, images.key), 403, "forbidden");
  expect(await answer(call(`/v1/edits/${id}`, { key: mine.key }), 200)).toMatchObject({ id });
});
