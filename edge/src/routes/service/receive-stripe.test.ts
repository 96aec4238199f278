import { createExecutionContext } from "cloudflare:test";
import Stripe from "stripe";
import { expect, test } from "vitest";
import { newId } from "../../../../shared/ids.ts";
import { answer, bindings, call, chunked, refusal } from "../../../test/client.ts";
import { openAccount } from "../../../test/edits.ts";
import { app } from "../../app.ts";

const SECRET = bindings.STRIPE_WEBHOOK_SECRET ?? "";

interface Posted {
  readonly body: string;
  readonly signature?: string;
}

const sign = (payload: string, secret = SECRET) =>
  Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret });

async function post({ body, signature }: Posted): Promise<Response> {
  const headers = {
    "Content-Type": "application/json; charset=utf-8",
    "Stripe-Signature": signature ?? (await sign(body)),
  };
  return call("/v1/stripe/webhook", { body, headers });
}

/** The two events that Stripe sends for one checkout. */
function checkout(account: string, credits = "500") {
  const intent = `pi_${newId("evt")}`;
  const metadata = { account_id: account, credits };
  const session = {
    object: "checkout.session",
    payment_intent: intent,
    payment_status: "paid",
    customer: null,
    metadata,
  };
  const paid = { object: "payment_intent", id: intent, customer: null, metadata };
  const event = (type: string, object: object) =>
    JSON.stringify({ id: newId("evt"), object: "event", type, data: { object } });
  return {
    session: event("checkout.session.completed", session),
    intent: event("payment_intent.succeeded", paid),
  };
}

const eventOf = (type: string, object: object, created = 1) =>
  JSON.stringify({ id: newId("evt"), object: "event", type, created, data: { object } });

const TAKEN = { received: true };

test("[POST /v1/stripe/webhook · idempotency] a payment adds credits once, over both of its events and any repetition", async () => {
  const { id, account } = await openAccount(0);
  const { session, intent } = checkout(id);
  expect(await answer(post({ body: session }), 200)).toEqual(TAKEN);
  expect(await account.summary()).toMatchObject({ balance: 500 });
  for (const body of [session, intent, intent]) expect(await answer(post({ body }), 200)).toEqual(TAKEN);
  expect(await account.summary()).toMatchObject({ balance: 500 });
  const second = checkout(id, "7");
  await Promise.all([second.intent, second.session, second.intent].map((body) => post({ body })));
  expect(await account.summary()).toMatchObject({ balance: 507 });
});

test("a tampered body, another secret or no signature is refused and adds nothing", async () => {
  const { id, account } = await openAccount(0);
  const { session } = checkout(id);
  const tampered = session.replace('"500"', '"900"');
  await refusal(post({ body: tampered, signature: await sign(session) }), 400, "invalid_request");
  await refusal(
    post({ body: session, signature: await sign(session, "whsec_other") }),
    400,
    "invalid_request",
  );
  await refusal(post({ body: session, signature: "" }), 400, "invalid_request");
  await refusal(post({ body: "", signature: "t=1,v1=00" }), 400, "invalid_request");
  expect(await account.summary()).toMatchObject({ balance: 0 });
});

test("a payment for an unknown account is refused, so that Stripe repeats it", async () => {
  await refusal(post({ body: checkout(newId("acct")).session }), 404, "not_found");
});

test("a paid checkout without a payment intent, and a free one, add their credits once", async () => {
  const { id, account } = await openAccount(0);
  for (const payment_status of ["paid", "no_payment_required"]) {
    const session = {
      id: `cs_${newId("evt")}`,
      object: "checkout.session",
      payment_intent: null,
      payment_status,
    };
    const body = eventOf("checkout.session.completed", {
      ...session,
      customer: null,
      metadata: { account_id: id, credits: "40" },
    });
    for (const _ of [1, 2]) expect(await answer(post({ body }), 200)).toEqual(TAKEN);
  }
  expect(await account.summary()).toMatchObject({ balance: 80 });
});

test("a refund takes back its share of the credits, once, in any order, and below zero if they are spent", async () => {
  const { id, account } = await openAccount(0);
  const { intent, session } = checkout(id);
  await post({ body: session });
  await account.addCredits({ amount: -450, reason: "spent", reference: newId("evt") });
  const payment = (JSON.parse(intent) as { data: { object: { id: string } } }).data.object.id;
  const refund = (amount_refunded: number, created: number) =>
    post({
      body: eventOf(
        "charge.refunded",
        {
          id: "ch_1",
          object: "charge",
          payment_intent: payment,
          amount: 2_000,
          amount_refunded,
          metadata: {},
        },
        created,
      ),
    });
  await answer(refund(500, 100), 200);
  expect(await account.summary()).toMatchObject({ balance: 50 - 125 });
  for (const [amount, created] of [
    [2_000, 300],
    [500, 100],
    [1_000, 200],
    [2_000, 300],
  ] as const)
    await answer(refund(amount, created), 200);
  expect(await account.summary()).toMatchObject({ balance: 50 - 500, held: 0 });
});

test("a dispute takes the credits back until it is won, but never more than a refund has left", async () => {
  const { id, account } = await openAccount(0);
  const { intent } = checkout(id);
  await post({ body: intent });
  const payment = (JSON.parse(intent) as { data: { object: { id: string } } }).data.object.id;
  const dispute = (type: string, status: string, created: number) =>
    post({
      body: eventOf(
        type,
        { id: "du_1", object: "dispute", payment_intent: payment, amount: 2_000, status },
        created,
      ),
    });
  const charge = {
    id: "ch_1",
    object: "charge",
    payment_intent: payment,
    amount: 2_000,
    amount_refunded: 500,
  };
  await post({ body: eventOf("charge.refunded", { ...charge, metadata: {} }, 10) });
  await answer(dispute("charge.dispute.created", "needs_response", 20), 200);
  expect(await account.summary()).toMatchObject({ balance: 0 });
  await answer(dispute("charge.dispute.closed", "won", 30), 200);
  await answer(dispute("charge.dispute.created", "needs_response", 20), 200);
  expect(await account.summary()).toMatchObject({ balance: 375 });
});

test("refunds and disputes that arrive before their payment count once it is there, in any order", async () => {
  const { id, account } = await openAccount(0);
  const { session } = checkout(id);
  const { payment_intent } = (JSON.parse(session) as { data: { object: { payment_intent: string } } }).data
    .object;
  // of a payment link the charge has no metadata: nothing says that it was for credits
  const charge = { id: "ch_2", object: "charge", payment_intent, amount: 100, metadata: {} };
  for (const [amount_refunded, created] of [
    [40, 20],
    [20, 10],
  ] as const)
    await answer(post({ body: eventOf("charge.refunded", { ...charge, amount_refunded }, created) }), 200);
  const dispute = { id: "du_2", object: "dispute", payment_intent, amount: 10, status: "needs_response" };
  await answer(post({ body: eventOf("charge.dispute.created", dispute, 30) }), 200);
  await answer(post({ body: eventOf("charge.dispute.closed", { ...dispute, status: "won" }, 40) }), 200);
  for (const _ of [1, 2]) {
    await answer(post({ body: session }), 200);
    expect(await account.summary()).toMatchObject({ balance: 300 });
  }
});

test("a refund of something else is accepted and changes nothing", async () => {
  const charge = { id: "ch_3", object: "charge", payment_intent: "pi_unknown", metadata: {} };
  const body = eventOf("charge.refunded", { ...charge, amount: 100, amount_refunded: 100 });
  expect(await answer(post({ body }), 200)).toEqual(TAKEN);
});

test("events of other kinds are accepted and ignored", async () => {
  const body = JSON.stringify({
    id: "evt_1",
    object: "event",
    type: "charge.captured",
    data: { object: {} },
  });
  expect(await answer(post({ body }), 200)).toEqual(TAKEN);
});

test("a body without a length, or a large one, is refused before it is read", async () => {
  const { session } = checkout(newId("acct"));
  const headers = { "Stripe-Signature": await sign(session) };
  const body = chunked(new TextEncoder().encode(session));
  await refusal(call("/v1/stripe/webhook", { body, headers }), 411, "length_required");
  await refusal(post({ body: " ".repeat(500_001) }), 413, "payload_too_large");
});

test("without a signing secret the route does not exist", async () => {
  const { session: body } = checkout(newId("acct"));
  const request = new Request("https://edge.test/v1/stripe/webhook", { method: "POST", body });
  const env = { ...bindings, STRIPE_WEBHOOK_SECRET: undefined };
  await refusal(app.fetch(request, env, createExecutionContext()), 404, "not_found");
});
