import { expect, test } from "vitest";
import { answer, call, customer, refusal } from "../../test/client.ts";
import { png } from "../../test/pictures.ts";
import { HELD_BYTES_MAX, holding } from "./held-bodies.ts";

const PROMPT = "a woman wearing glasses";

/** Holds this many bytes until it is stopped. */
function held(bytes: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = holding(bytes, () => promise);
  return async () => {
    resolve();
    await work;
  };
}

test("bodies are held up to the limit, and their room is free again when the work ends or fails", async () => {
  const [first, second] = [held(HELD_BYTES_MAX - 10), held(10)];
  const refused = { code: "unavailable", options: { headers: { "Retry-After": "1" } } };
  await expect(holding(1, async () => 1)).rejects.toMatchObject(refused);
  await second();
  const failing = async () => {
    throw new RangeError("no");
  };
  await expect(holding(10, failing)).rejects.toThrow(RangeError);
  expect(await holding(10, async () => "done")).toBe("done");
  await first();
});

test("every route that takes a picture is refused without room for it, and nothing is stored or charged", async () => {
  const { key } = await customer({ credits: 10 });
  const { url } = await answer<{ url: string }>(
    call("/v1/uploads", { key, body: { content_type: "image/png" } }),
    200,
  );
  const form = new FormData();
  form.set("image", new Blob([png(64, 64)]), "a.png");
  form.set("prompt", PROMPT);
  const image = { key, body: png(64, 64), headers: { "Content-Type": "image/png" } };
  const requests = [
    () => call("/v1/images", image),
    () => call("/v1/edits", { key, body: form }),
    () => call(new URL(url).pathname, { ...image, method: "PUT" }),
  ];
  const free = held(HELD_BYTES_MAX);
  for (const request of requests) {
    const response = await request();
    expect(response.headers.get("Retry-After")).toBe("1");
    await refusal(response, 503, "unavailable");
  }
  await free();
  expect(await answer(call("/v1/account", { key }), 200)).toMatchObject({ balance: 10, held: 0 });
  for (const request of requests) expect((await request()).ok).toBe(true);
});

test("an edit that is waited for does not hold its picture meanwhile", async () => {
  const { key } = await customer();
  const form = new FormData();
  form.set("image", new Blob([png(64, 64)]), "a.png");
  form.set("prompt", PROMPT);
  const waiting = call("/v1/edits", { key, body: form, headers: { Prefer: "wait=2" } });
  await expect
    .poll(async () => (await answer<{ held: number }>(call("/v1/account", { key }), 200)).held)
    .toBeGreaterThan(0);
  await held(HELD_BYTES_MAX)();
  await answer(waiting, 202);
});
