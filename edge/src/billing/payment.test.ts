import Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { paymentOf, readStripeEvent } from "./payment.ts";

const SECRET = "whsec_test_secret";
const account = newId("acct");
const metadata = { account_id: account, credits: "500" };
const paid = { reference: "pi_1", customer: "cus_1", account_id: account, credits: 500 };

const event = (type: string, object: object) => ({ type, data: { object } }) as unknown as Stripe.Event;

const session = (change: object = {}) => ({
  id: "cs_1",
  payment_intent: "pi_1",
  payment_status: "paid",
  customer: "cus_1",
  client_reference_id: null,
  metadata,
  ...change,
});

const intent = (change: object = {}) => ({ id: "pi_1", customer: "cus_1", metadata, ...change });

describe("what is paid", () => {
  test.each([
    ["a checkout", event("checkout.session.completed", session())],
    ["a delayed payment", event("checkout.session.async_payment_succeeded", session())],
    ["a payment intent", event("payment_intent.succeeded", intent())],
    ["expanded objects", event("checkout.session.completed", session({ payment_intent: { id: "pi_1" } }))],
    [
      "a payment link that names the account in its address",
      event(
        "checkout.session.completed",
        session({ client_reference_id: account, metadata: { credits: "500" } }),
      ),
    ],
  ])("%s gives credits under the payment intent's id", (_, received) =>
    expect(paymentOf(received)).toEqual(paid),
  );

  test("metadata, which the seller writes, takes precedence over the payer's address", () => {
    const received = event("checkout.session.completed", session({ client_reference_id: newId("acct") }));
    expect(paymentOf(received)).toEqual(paid);
  });

  test("a guest has no customer", () => {
    expect(paymentOf(event("payment_intent.succeeded", intent({ customer: null })))?.customer).toBeNull();
  });
});

describe("what gives nothing", () => {
  test.each<readonly [string, Stripe.Event]>([
    ["an unpaid checkout", event("checkout.session.completed", session({ payment_status: "unpaid" }))],
    ["an expired checkout", event("checkout.session.expired", session())],
    ["a failed payment", event("payment_intent.payment_failed", intent())],
    [
      "a charge of the same payment",
      event("charge.succeeded", { id: "ch_1", payment_intent: "pi_1", metadata }),
    ],
    ["a payment for something else", event("payment_intent.succeeded", intent({ metadata: {} }))],
    ["a checkout without metadata", event("checkout.session.completed", session({ metadata: null }))],
    ["no account", event("payment_intent.succeeded", intent({ metadata: { credits: "500" } }))],
    [
      "a malformed account",
      event("payment_intent.succeeded", intent({ metadata: { ...metadata, account_id: "acct_1" } })),
    ],
    ...["0", "-5", "1.5", "1e3", "0x10", " 5", "", "10000000000", "NaN"].map(
      (credits) =>
        [
          `credits ${JSON.stringify(credits)}`,
          event("payment_intent.succeeded", intent({ metadata: { ...metadata, credits } })),
        ] as const,
    ),
  ])("%s", (_, received) => expect(paymentOf(received)).toBeNull());
});

describe("the signature", () => {
  const body = JSON.stringify(event("payment_intent.succeeded", intent()));
  const sign = (payload: string, change: { secret?: string; timestamp?: number } = {}) =>
    Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret: SECRET, ...change });

  test("of Stripe opens the event", async () => {
    const read = await readStripeEvent(body, await sign(body), SECRET);
    expect(read === null ? null : paymentOf(read)).toEqual(paid);
  });

  test("of another body, another secret or another time does not", async () => {
    const signature = await sign(body);
    expect(await readStripeEvent(body.replace("500", "501"), signature, SECRET)).toBeNull();
    expect(await readStripeEvent(body, await sign(body, { secret: "whsec_other" }), SECRET)).toBeNull();
    const sixMinutesAgo = Math.floor(Date.now() / 1000) - 360;
    expect(await readStripeEvent(body, await sign(body, { timestamp: sixMinutesAgo }), SECRET)).toBeNull();
  });

  test("each character of it matters", async () => {
    const signature = await sign(body);
    const start = signature.indexOf("v1=") + 3;
    for (let at = start; at < signature.length; at += 1) {
      const other = signature[at] === "0" ? "1" : "0";
      const changed = signature.slice(0, at) + other + signature.slice(at + 1);
      expect(await readStripeEvent(body, changed, SECRET)).toBeNull();
    }
  });

  test.each(["", "t=1", "v1=00", "t=x,v1=y", "nonsense", "t=1,v0=00"])("%j is none", async (signature) =>
    expect(await readStripeEvent(body, signature, SECRET)).toBeNull(),
  );
});
