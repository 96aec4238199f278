import { Webhook } from "standardwebhooks";
import { expect, test, vi } from "vitest";
import { editWith } from "../../../shared/edit.fixture.ts";
import { newId } from "../../../shared/ids.ts";
import { webhookEventOf, webhookEventSchema } from "../../../shared/webhook.ts";
import { deliverWebhook, type WebhookDelivery } from "./deliver.ts";
import { newWebhookSecret } from "./secret.ts";

const canceled = editWith({
  id: newId("edit"),
  status: "canceled",
  finished_at: "2026-11-24T10:00:05.000Z",
  metadata: { order: "Bärbel №7" },
});

function delivery(change: Partial<WebhookDelivery> = {}): WebhookDelivery {
  const event = webhookEventOf(canceled);
  if (event === null) throw new Error("a canceled edit is an event");
  return {
    id: newId("evt"),
    url: "https://example.com/hook",
    event,
    secrets: [newWebhookSecret()],
    ...change,
  };
}

/** Delivers to a receiver with prepared answers, and returns what it received. */
async function deliverTo(answer: (request: Request) => Response | Promise<Response>, sent = delivery()) {
  const received: { request: Request; body: string }[] = [];
  const receiver = async (input: Request | URL | string, init?: RequestInit) => {
    const request = new Request(input as Request, init);
    received.push({ request, body: await request.clone().text() });
    return answer(request);
  };
  const outcome = await deliverWebhook(sent, { allowPrivate: false }, receiver as typeof fetch);
  return { outcome, received, sent };
}

test("the official library accepts what is sent, and reads the contract's event from it", async () => {
  const { outcome, received, sent } = await deliverTo(() => new Response(null, { status: 204 }));
  expect(outcome).toEqual({ outcome: "delivered" });
  const [{ request, body } = expect.fail("nothing arrived")] = received;
  expect(request.method).toBe("POST");
  expect(request.headers.get("webhook-id")).toBe(sent.id);
  const event = new Webhook(sent.secrets[0]).verify(body, Object.fromEntries(request.headers));
  expect(webhookEventSchema.parse(event)).toEqual({
    type: "edit.canceled",
    timestamp: canceled.finished_at,
    data: canceled,
  });
});

test("while secrets rotate, both verify and a third does not", async () => {
  const secrets = [newWebhookSecret(), newWebhookSecret()] as const;
  const { received } = await deliverTo(() => new Response(), delivery({ secrets }));
  const [{ request, body } = expect.fail("nothing arrived")] = received;
  const headers = Object.fromEntries(request.headers);
  for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toMatchObject({});
  expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow("No matching signature");
  expect(() => new Webhook(secrets[0]).verify(`${body} `, headers)).toThrow("No matching signature");
});

test.each([400, 404, 429, 500, 503])("an answer %i asks for another try", async (status) => {
  const { outcome } = await deliverTo(() => new Response("no", { status }));
  expect(outcome).toEqual({ outcome: "retry", reason: `it answered ${status}` });
});

test("Retry-After is honoured", async () => {
  const headers = { "retry-after": "30" };
  const { outcome } = await deliverTo(() => new Response(null, { status: 429, headers }));
  expect(outcome).toMatchObject({ outcome: "retry", afterMs: 30_000 });
});

test("410 ends the delivery", async () => {
  const { outcome } = await deliverTo(() => new Response(null, { status: 410 }));
  expect(outcome).toEqual({ outcome: "stopped", reason: "it answered 410" });
});

test("a redirect is not followed", async () => {
  const { outcome, received } = await deliverTo(() => Response.redirect("https://10.0.0.1/", 307));
  expect(outcome).toMatchObject({ outcome: "retry", reason: "it answered 307" });
  expect(received.map(({ request }) => [request.url, request.redirect])).toEqual([
    ["https://example.com/hook", "manual"],
  ]);
});

test("an unreachable receiver is retried", async () => {
  const { outcome } = await deliverTo(() => Promise.reject(new TypeError("connection refused")));
  expect(outcome).toEqual({ outcome: "retry", reason: "no connection" });
});

test("a receiver that never answers is given up after its time limit", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const silent = (_: unknown, init?: RequestInit) =>
    new Promise<Response>((_, reject) =>
      init?.signal?.addEventListener("abort", () => reject(new Error("aborted"))),
    );
  const trying = deliverWebhook(delivery(), { allowPrivate: false }, silent as typeof fetch);
  await vi.advanceTimersByTimeAsync(14_999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await trying).toEqual({ outcome: "retry", reason: "no answer within 15 s" });
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test("nothing is sent to a private target, even if it was accepted under other settings", async () => {
  const { outcome, received } = await deliverTo(
    () => new Response(),
    delivery({ url: "https://127.0.0.1/hook" }),
  );
  expect(outcome).toMatchObject({ outcome: "stopped" });
  expect(received).toEqual([]);
});

test("an edit that is not final makes no event", () => {
  expect(webhookEventOf({ ...canceled, status: "running", finished_at: null })).toBeNull();
});

test("an event whose type does not match its edit is refused by its schema", () => {
  const event = { type: "edit.succeeded", timestamp: canceled.finished_at, data: canceled };
  expect(webhookEventSchema.safeParse(event).success).toBe(false);
});
