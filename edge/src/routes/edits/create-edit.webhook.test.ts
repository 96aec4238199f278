import { createExecutionContext } from "cloudflare:test";
import { expect, test } from "vitest";
import { answer, bindings, call, customer, refusal, uploaded } from "../../../test/client.ts";
import { HeldQueue } from "../../../test/held-queue.ts";
import { app } from "../../app.ts";

const order = (image: string, webhook_url: string) => ({
  image,
  prompt: "a person with a beard",
  webhook_url,
});

test.each([
  ["http://example.com/hook", "must be https"],
  ["https://user:secret@example.com/hook", "must not carry a user name or a password"],
  ["https://127.0.0.1/hook", "must be on the public internet"],
  ["https://0x7f.1/hook", "must be on the public internet"],
  ["https://[::ffff:10.0.0.1]/hook", "must be on the public internet"],
  ["https://169.254.169.254/latest/meta-data", "must be on the public internet"],
  ["https://metadata.google.internal/", "must be on the public internet"],
])("the address %s is refused before a credit is held", async (url, message) => {
  const { key } = await customer();
  const body = order(await uploaded(key), url);
  const problem = await refusal(call("/v1/edits", { key, body }), 422, "invalid_request");
  expect(problem.errors).toEqual([{ path: "webhook_url", message }]);
  expect(await answer(call("/v1/account", { key }), 200)).toMatchObject({ balance: 100, held: 0 });
});

test("public https is accepted; private networks only with the setting for local development", async () => {
  using queue = new HeldQueue();
  const { key } = await customer();
  const image = await uploaded(key);
  await answer(call("/v1/edits", { key, body: order(image, "https://example.com:8443/hook") }), 202);

  const body = JSON.stringify(order(image, "http://127.0.0.1:4000/hook"));
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
  const request = new Request("https://edge.test/v1/edits", {
    method: "POST",
    body,
    headers: { ...headers, "Content-Length": String(body.length) },
  });
  const env = { ...bindings, ALLOW_PRIVATE_WEBHOOKS: "1" as const };
  await answer(app.fetch(request, env, createExecutionContext()), 202);
  expect(queue.sent).toHaveLength(2);
});
