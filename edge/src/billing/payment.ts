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

/** A payment that goes back, in part or whole: by a refund, or for the time of a dispute and after a lost one. */
export interface Repaid {
  /** The payment intent's id. */
  readonly payment: string;
  readonly id: string;
  /** How much of it, from 0 to 1. */
  readonly share: number;
  readonly reason: "refund" | "dispute";
  readonly reportedAt: number;
  /** Whether the payment says that it was for credits: if nobody knows it, its own event is still to come. */
  readonly forCredits: boolean;
}

export type Payment = z.output<typeof metadataSchema> & {
  /**
   * The payment intent's id, or the checkout's if it has none: one payment credits once, whichever of its events comes,
   * how often ever.
   */
  readonly reference: string;
  /** The payer, `cus_…`, where Stripe knows one. */
  readonly customer: string | null;
};

/** Checks the signature and its age (5 minutes); null if it is not Stripe's. Keys are compared in constant time. */
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

/** What an event says of a payment that goes back; null for all else. */
export function repaidOf(event: Stripe.Event): Repaid | null {
  const reportedAt = event.created * 1000;
  switch (event.type) {
    case "charge.refunded": {
      const { id, payment_intent, amount, amount_refunded, metadata } = event.data.object;
      const payment = idOf(payment_intent);
      if (payment === null || amount <= 0) return null;
      const share = Math.min(1, amount_refunded / amount);
      const forCredits = metadataSchema.safeParse(metadata).success;
      return { payment, id: `refund ${id}`, share, reason: "refund", reportedAt, forCredits };
    }
    case "charge.dispute.created":
    case "charge.dispute.closed": {
      const { id, payment_intent, status } = event.data.object;
      const payment = idOf(payment_intent);
      if (payment === null) return null;
      // a bank takes all of a disputed payment back, and returns it to who wins
      const share = event.type === "charge.dispute.closed" && WON.has(status) ? 0 : 1;
      return { payment, id: `dispute ${id}`, share, reason: "dispute", reportedAt, forCredits: false };
    }
    default:
      return null;
  }
}

/** Ends of a dispute, or of a mere inquiry, in which the money stays. */
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

/** Stripe gives an object or its id, as the event's version and expansion have it. */
type Expandable = string | { readonly id: string } | null;

function idOf(value: Expandable): string | null {
  return typeof value === "string" ? value : (value?.id ?? null);
}
