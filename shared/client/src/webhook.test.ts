import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { editWith } from "../../edit.fixture.ts";
import { verifyWebhook } from "./webhook.ts";

const SECRET = `whsec_${Buffer.from("a secret of twenty-four b").toString("base64")}`;
const NOW = new Date("2026-11-28T12:00:00.000Z");
const now = NOW.getTime();
const event = {
  type: "edit.succeeded",
  timestamp: NOW.toISOString(),
  data: editWith({ status: "succeeded" }),
};
const body = JSON.stringify(event);

/** Headers as the specification's reference implementation makes them. */
const signed = (secret = SECRET, at = NOW, text = body) => ({
  "webhook-id": "evt_1",
  "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
  "webhook-signature": new Webhook(secret).sign("evt_1", at, text),
});

test("a message signed by the specification's own library is accepted, with fetch's headers and with Node's", async () => {
  expect(await verifyWebhook(SECRET, new Headers(signed()), body, { now })).toEqual(event);
  const node = { "Webhook-Id": ["evt_1"], ...signed(), "x-other": undefined };
  expect(await verifyWebhook(SECRET, node, new TextEncoder().encode(body), { now })).toEqual(event);
});

test("any one of several signatures is enough, while secrets rotate", async () => {
  const headers = signed();
  const several = { ...headers, "webhook-signature": `v1,AAAA v2,x ${headers["webhook-signature"]}` };
  expect(await verifyWebhook(SECRET, several, body, { now })).toEqual(event);
});

test.each<[string, object, string, RegExp]>([
  ["another body", signed(), `${body} `, /signature is not valid/],
  ["another secret", signed(`whsec_${btoa("of somebody else entirely")}`), body, /signature is not valid/],
  ["an old message", signed(SECRET, new Date(now - 301_000)), body, /more than 300 s ago/],
  ["a message from the future", signed(SECRET, new Date(now + 301_000)), body, /300 s/],
  ["no headers", {}, body, /headers are missing/],
  ["a time that is none", { ...signed(), "webhook-timestamp": "soon" }, body, /300 s/],
  ["a signature that is none", { ...signed(), "webhook-signature": "v1,%" }, body, /signature is not valid/],
])("%s is refused", async (_, headers, text, message) => {
  const checked = verifyWebhook(SECRET, headers as Record<string, string>, text, { now });
  await expect(checked).rejects.toMatchObject({
    name: "WebhookError",
    message: expect.stringMatching(message),
  });
});
