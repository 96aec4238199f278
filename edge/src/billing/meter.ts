import Stripe from "stripe";
import type { Id } from "../../../shared/ids.ts";
import type { DeliveryOutcome } from "../delivery.ts";

/** Stripe takes events of the last 35 days: what could not be sent for longer is dated a day later than that. */
const OLDEST_MS = 34 * 24 * 3_600_000;

/** A captured edit as Stripe's meter sees it. */
export interface MeterEvent {
  /** `event_name` of the meter in Stripe. */
  readonly eventName: string;
  /** Stripe's customer, `cus_…`. */
  readonly customer: string;
  readonly edit: Id<"edit">;
  readonly credits: number;
  /** When it was captured, Unix milliseconds. */
  readonly at: number;
}

/**
 * The customer that stands for an account in Stripe: made once, whatever is repeated, because the account's id is
 * the idempotency key. @throws Stripe.errors.StripeError
 */
export async function createCustomer(
  stripe: Stripe,
  account: { readonly id: Id<"acct">; readonly name: string },
): Promise<string> {
  const customer = await stripe.customers.create(
    { name: account.name, metadata: { account_id: account.id } },
    { idempotencyKey: `customer-${account.id}` },
  );
  return customer.id;
}

/**
 * One try to record a captured edit. Stripe counts an `identifier` once; the idempotency key differs between tries
 * because Stripe answers a repeated key with the first answer, a 500 included.
 * @param attempt 1 for the first try
 */
export async function sendMeterEvent(
  stripe: Stripe,
  event: MeterEvent,
  attempt: number,
): Promise<DeliveryOutcome> {
  try {
    await stripe.billing.meterEvents.create(
      {
        event_name: event.eventName,
        identifier: event.edit,
        timestamp: Math.floor(Math.max(event.at, Date.now() - OLDEST_MS) / 1000),
        payload: { stripe_customer_id: event.customer, value: String(event.credits) },
      },
      { idempotencyKey: `${event.edit}-${attempt}` },
    );
  } catch (error) {
    return isRecorded(error) ? { outcome: "delivered" } : stripeFailure(error);
  }
  return { outcome: "delivered" };
}

/** What a failed call of Stripe's API means for the outbox: also a wrong key or meter is set right within a day. */
export function stripeFailure(error: unknown): DeliveryOutcome {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  return { outcome: "retry", reason: `${error.type} ${error.statusCode ?? "without an answer"}` };
}

/** Stripe refuses an identifier that it holds already, with no code but these words: a former try had arrived. */
function isRecorded(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.message.startsWith("An event already exists with identifier")
  );
}
