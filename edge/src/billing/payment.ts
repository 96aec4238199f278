import Stripe from "stripe";
import { z } from "zod";
import { idSchema } from "../../../shared/ids.ts";

/** What whoever makes the checkout, payment link or payment intent writes into its metadata. */
const metadataSchema = z.object({
  account_id: idSchema("acct"),
  credits: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number),
});

export type Payment = z.output<typeof metadataSchema> & {
  /** The payment intent's id: one payment credits once, whichever of its events comes, how often ever. */
  readonly reference: string;
  /** The payer, `cus_…`, where Stripe knows one. */
  readonly customer: string | null;
};

/** Checks the signature and its age (5 minutes); null where it is not Stripe's. Keys are compared in constant time. */
export async function readStripeEvent(
  body: string,
  signature: string,
  secret: string,
): Promise<Stripe.Event | null> {
  try {
    return await Stripe.webhooks.constructEventAsync(body, signature, secret);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return null;
    throw error;
  }
}

/**
 * The paid credits that an event tells of; null for all else: other kinds, checkouts not yet paid (a delayed payment
 * follows in an event of its own) and payments that are for something other than credits.
 */
export function paymentOf(event: Stripe.Event): Payment | null {
  switch (event.type) {
    case "checkout.session.completed":
    case "checkout.session.async_payment_succeeded": {
      const session = event.data.object;
      if (session.payment_status !== "paid") return null;
      return creditsFor(session.payment_intent, session.customer, {
        ...session.metadata,
        account_id: session.metadata?.account_id ?? session.client_reference_id,
      });
    }
    case "payment_intent.succeeded":
      return creditsFor(event.data.object, event.data.object.customer, event.data.object.metadata);
    default:
      return null;
  }
}

function creditsFor(
  intent: Expandable,
  customer: Expandable,
  metadata: Record<string, unknown>,
): Payment | null {
  const reference = idOf(intent);
  const wanted = metadataSchema.safeParse(metadata);
  if (reference === null || !wanted.success) return null;
  return { ...wanted.data, reference, customer: idOf(customer) };
}

/** Stripe gives an object or its id, as the event's version and expansion have it. */
type Expandable = string | { readonly id: string } | null;

function idOf(value: Expandable): string | null {
  return typeof value === "string" ? value : (value?.id ?? null);
}
