import type Stripe from "stripe";
import { expect, test } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { FakeStripe, STRIPE_KEY } from "../../test/stripe.ts";
import { createCustomer, type MeterEvent, sendMeterEvent } from "./meter.ts";
import { openStripe } from "./stripe.ts";

function open(change: { key?: string; send?: typeof fetch } = {}): { fake: FakeStripe; stripe: Stripe } {
  const fake = new FakeStripe();
  const settings = { STRIPE_SECRET_KEY: change.key ?? STRIPE_KEY, STRIPE_API_URL: "https://stripe.test" };
  const stripe = openStripe(settings, change.send ?? (fake.fetch as typeof fetch));
  if (stripe === null) throw new Error("a key opens the client");
  return { fake, stripe };
}

const captured = (): MeterEvent => ({
  eventName: "edit_credits",
  customer: "cus_1",
  edit: newId("edit"),
  credits: 7,
  at: Date.UTC(2026, 10, 24, 10, 0, 0, 999),
});

test("without a key there is no client", () => {
  expect(openStripe({ STRIPE_SECRET_KEY: undefined, STRIPE_API_URL: "https://stripe.test" })).toBeNull();
});

test("a captured edit is a meter event with the edit as identifier", async () => {
  const { fake, stripe } = open();
  const event = captured();
  expect(await sendMeterEvent(stripe, event, 1)).toEqual({ outcome: "delivered" });
  expect(fake.events).toEqual([
    {
      event_name: "edit_credits",
      identifier: event.edit,
      timestamp: String(Date.UTC(2026, 10, 24, 10) / 1000),
      "payload[stripe_customer_id]": "cus_1",
      "payload[value]": "7",
    },
  ]);
});

test("an edit that Stripe already has counts as delivered and is metered once", async () => {
  const { fake, stripe } = open();
  const event = captured();
  await sendMeterEvent(stripe, event, 1);
  expect(await sendMeterEvent(stripe, event, 2)).toEqual({ outcome: "delivered" });
  expect(fake.events).toHaveLength(1);
});

test("after a 500, which Stripe repeats for the same idempotency key, the next try succeeds", async () => {
  const { fake, stripe } = open();
  const event = captured();
  fake.failNext(500);
  expect(await sendMeterEvent(stripe, event, 1)).toEqual({ outcome: "retry", reason: "StripeAPIError 500" });
  expect(await sendMeterEvent(stripe, event, 2)).toEqual({ outcome: "delivered" });
  expect(fake.requests).toHaveLength(2);
  expect(fake.events).toHaveLength(1);
});

test.each([400, 429] as const)("a refusal %i asks for another try", async (status) => {
  const { fake, stripe } = open();
  fake.failNext(status);
  expect(await sendMeterEvent(stripe, captured(), 1)).toMatchObject({ outcome: "retry" });
});

test("a wrong key is retried and does not appear in the reason", async () => {
  const { stripe } = open({ key: "sk_test_other" });
  expect(await sendMeterEvent(stripe, captured(), 1)).toEqual({
    outcome: "retry",
    reason: "StripeAuthenticationError 401",
  });
});

test("an unreachable Stripe is retried", async () => {
  const { stripe } = open({ send: () => Promise.reject(new TypeError("connection refused")) });
  expect(await sendMeterEvent(stripe, captured(), 1)).toEqual({
    outcome: "retry",
    reason: "StripeConnectionError without an answer",
  });
});

test("an account is one customer, no matter how often it is created", async () => {
  const { fake, stripe } = open();
  const account = { id: newId("acct"), name: "Studio" };
  const [first, second] = [await createCustomer(stripe, account), await createCustomer(stripe, account)];
  expect(second).toBe(first);
  expect(fake.customers).toEqual([{ id: first, name: "Studio", account: account.id }]);
});
