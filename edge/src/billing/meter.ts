import Stripe from "stripe";
import type { Id } from "../../../shared/ids.ts";
import type { DeliveryOutcome } from "../delivery.ts";

/** Stripe accepts events of the last 35 days: an older one is dated just inside that window. */
const OLDEST_MS = 34 * 24 * 3_600_000;

/** A captured edit as sent to Stripe's meter. */
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
 * An account's customer in Stripe. It is created once, even if the call is repeated, because the account's id is the
 * idempotency key. @throws Stripe.errors.StripeError
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
 * Makes one try to record a captured edit. Stripe counts an `identifier` once; the idempotency key differs between
 * tries because Stripe answers a repeated key with its first answer, even a 500.
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

/**
 * What a failed call to Stripe means for the outbox. A wrong key or meter is retried too: it can be fixed within a day.
 */
export function stripeFailure(error: unknown): DeliveryOutcome {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  return { outcome: "retry", reason: `${error.type} ${error.statusCode ?? "without an answer"}` };
}

/** Stripe refuses an identifier that it already has with this text and no error code: an earlier try had arrived. */
function isRecorded(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.message.startsWith("An event already exists with identifier")
  );
}
