import Stripe from "stripe";
import { z } from "zod";
import { idSchema } from "../../../shared/ids.ts";

/** Metadata that the seller writes into the checkout, payment link or payment intent. */
const metadataSchema = z.object({
  account_id: idSchema("acct"),
  credits: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number),
});

/** A payment returned in part or in full: by a refund, or by a dispute while it is open and after it is lost. */
export interface Repaid {
  /** The payment intent's id. */
  readonly payment: string;
  readonly id: string;
  /** Returned fraction, from 0 to 1. */
  readonly share: number;
  readonly reason: "refund" | "dispute";
  readonly reportedAt: number;
}

export type Payment = z.output<typeof metadataSchema> & {
  /**
   * The payment intent's id, or the checkout's if it has none: a payment adds credits once, whichever of its events
   * arrive and however often.
   */
  readonly reference: string;
  /** The payer, `cus_…`, if Stripe knows one. */
  readonly customer: string | null;
};

/** Verifies the signature and its age (5 minutes); null if it is not from Stripe. Compared in constant time. */
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
 * The paid credits that an event reports; null for anything else: other kinds, unpaid checkouts (a delayed payment has
 * its own later event) and payments for something other than credits.
 */
export function paymentOf(event: Stripe.Event): Payment | null {
  switch (event.type) {
    case "checkout.session.completed":
    case "checkout.session.async_payment_succeeded": {
      const session = event.data.object;
      if (session.payment_status === "unpaid") return null;
      return creditsFor(session.payment_intent ?? session.id, session.customer, {
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

/** The returned payment that an event reports; null for anything else. */
export function repaidOf(event: Stripe.Event): Repaid | null {
  const reportedAt = event.created * 1000;
  switch (event.type) {
    case "charge.refunded": {
      const { id, payment_intent, amount, amount_refunded } = event.data.object;
      const payment = idOf(payment_intent);
      if (payment === null || amount <= 0) return null;
      const share = Math.min(1, amount_refunded / amount);
      return { payment, id: `refund ${id}`, share, reason: "refund", reportedAt };
    }
    case "charge.dispute.created":
    case "charge.dispute.closed": {
      const { id, payment_intent, status } = event.data.object;
      const payment = idOf(payment_intent);
      if (payment === null) return null;
      // a bank withdraws a disputed payment in full, and returns it to whoever wins
      const share = event.type === "charge.dispute.closed" && WON.has(status) ? 0 : 1;
      return { payment, id: `dispute ${id}`, share, reason: "dispute", reportedAt };
    }
    default:
      return null;
  }
}

/** Outcomes of a dispute, or of an inquiry, in which the seller keeps the money. */
const WON: ReadonlySet<string> = new Set(["won", "warning_closed"]);

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

/** Stripe sends an object or only its id, depending on the event's version and expansion. */
type Expandable = string | { readonly id: string } | null;

function idOf(value: Expandable): string | null {
  return typeof value === "string" ? value : (value?.id ?? null);
}
