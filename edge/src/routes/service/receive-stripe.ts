import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { paymentOf, readStripeEvent } from "../../billing/payment.ts";
import { type AppEnv, accountOf } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { readBody } from "../../images/read-body.ts";
import { announcedLength } from "../../middleware/body-length.ts";
import { json, refusals } from "../../openapi/answers.ts";
import { notFound, Refusal } from "../../problem.ts";

/** Stripe's events are some kilobytes. */
const MAX_BYTES = 500_000;

const route = createRoute({
  method: "post",
  path: "/v1/stripe/webhook",
  operationId: "receiveStripe",
  tags: ["service"],
  summary: "Events of Stripe: a payment becomes credits",
  description:
    "For Stripe alone: the signature is the permission. A paid checkout or payment whose metadata names `account_id` and `credits` gives these credits, once for each payment; every other event is taken and ignored. Not there where no signing secret is set.",
  security: [],
  request: {
    headers: z.object({ "stripe-signature": z.string().optional() }),
    body: { required: true, content: { "application/json": { schema: { type: "object" } } } },
  },
  responses: {
    200: json(z.object({ received: z.literal(true) }), "The event is taken."),
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
  if (payment !== null) {
    const { account_id: id, credits: amount, reference, customer } = payment;
    c.set("accountId", id);
    const account = accountOf(c.env, id);
    if ((await account.summary()) === null) {
      console.warn(JSON.stringify({ event: "payment_without_account", account: id, reference }));
    } else await account.addCredits({ amount, reason: "payment", reference, customer });
  }
  return c.json({ received: true } as const, 200);
});
