import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type Payment, paymentOf, type Repaid, readStripeEvent, repaidOf } from "../../billing/payment.ts";
import {
  accountOfPayment,
  earlyReversals,
  enterEarly,
  enterPayment,
} from "../../billing/payments-directory.ts";
import { type AppEnv, accountOf } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { readBody } from "../../images/read-body.ts";
import { announcedLength } from "../../middleware/body-length.ts";
import { json, refusals } from "../../openapi/answers.ts";
import { notFound, Refusal } from "../../problem.ts";

/** Stripe's events are a few kilobytes. */
const MAX_BYTES = 500_000;

const route = createRoute({
  method: "post",
  path: "/v1/stripe/webhook",
  operationId: "receiveStripe",
  tags: ["service"],
  summary: "Events of Stripe: a payment becomes credits",
  description:
    "For Stripe alone: the signature is the permission. A paid checkout or payment whose metadata names `account_id` and `credits` gives these credits, once for each payment. A refund takes back its share of them, a dispute all until it is won; the balance may then be below zero. Every other event is accepted and ignored. Both count even if they arrive before their payment. A payment for an unknown account answers 404, so that Stripe repeats it. Without a signing secret the route does not exist.",
  security: [],
  request: {
    headers: z.object({ "stripe-signature": z.string().optional() }),
    body: { required: true, content: { "application/json": { schema: { type: "object" } } } },
  },
  responses: {
    200: json(z.object({ received: z.boolean() }), "The event is accepted."),
    ...refusals(400, 404, 411, 413),
  },
});

/** `POST /v1/stripe/webhook` */
export const receiveStripe = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { STRIPE_WEBHOOK_SECRET: secret } = settingsOf(c.env);
  if (secret === undefined) throw notFound("address");
  const length = announcedLength(c.req.header("Content-Length"), MAX_BYTES);
  const body = new TextDecoder().decode(await readBody(c.req.raw.body, length));
  const event = await readStripeEvent(body, c.req.header("Stripe-Signature") ?? "", secret);
  if (event === null)
    throw new Refusal("invalid_request", "the event does not carry Stripe's signature", { status: 400 });
  const payment = paymentOf(event);
  if (payment !== null) await credit(c, payment);
  const repaid = repaidOf(event);
  if (repaid !== null) await takeBack(c, repaid);
  return c.json({ received: true }, 200);
});

/** @throws Refusal `not_found` for an unknown account: Stripe then marks the event as failed and repeats it */
async function credit(c: Context<AppEnv>, payment: Payment): Promise<void> {
  const { account_id: id, credits: amount, reference, customer } = payment;
  c.set("accountId", id);
  const account = accountOf(c.env, id);
  if ((await account.summary()) === null) {
    console.error(JSON.stringify({ event: "payment_without_account", account: id, reference }));
    throw notFound("account");
  }
  await enterPayment(c.env.IMAGES, reference, id);
  if ((await account.addCredits({ amount, reason: "payment", reference, customer })) === null)
    console.error(JSON.stringify({ event: "payment_with_other_credits", account: id, reference }));
  for (const reversal of await earlyReversals(c.env.IMAGES, reference))
    await account.reversePayment(reversal);
}

/**
 * Takes a payment's credits back. Events arrive in any order, and a payment may be refused until its account exists: a
 * reversal of an unknown payment is kept until then.
 */
async function takeBack(c: Context<AppEnv>, repaid: Repaid): Promise<void> {
  if (await reversed(c, repaid)) return;
  await enterEarly(c.env.IMAGES, repaid);
  // the payment may have come in the meantime, and have looked for reversals too early
  await reversed(c, repaid);
}

/** Whether the payment was there to be reversed. */
async function reversed(c: Context<AppEnv>, repaid: Repaid): Promise<boolean> {
  const id = await accountOfPayment(c.env.IMAGES, repaid.payment);
  if (id === null) return false;
  c.set("accountId", id);
  return accountOf(c.env, id).reversePayment(repaid);
}
