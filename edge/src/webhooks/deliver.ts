import { Webhook } from "standardwebhooks";
import type { Id } from "../../../shared/ids.ts";
import type { WebhookEvent } from "../../../shared/webhook.ts";
import { answered, type DeliveryOutcome, retryAfter, sendTry } from "../delivery.ts";
import { refuseTarget } from "./target.ts";

const GONE = 410;

export interface WebhookDelivery {
  /** The same on every try, so that the receiver can detect a repetition. */
  readonly id: Id<"evt">;
  readonly url: string;
  readonly event: WebhookEvent;
  /** `whsec_…`, the current one first; while secrets rotate the receiver may verify with either. */
  readonly secrets: readonly [string, ...string[]];
}

/**
 * Makes one try to deliver a webhook: a POST signed as in the Standard Webhooks specification. 2xx counts as delivered,
 * 410 ends the delivery, anything else (a redirect too: it could lead anywhere) is retried. Never throws because of the
 * receiver; its answer's body is not read.
 */
export async function deliverWebhook(
  delivery: WebhookDelivery,
  { allowPrivate, now = Date.now() }: { allowPrivate: boolean; now?: number },
  send: typeof fetch = fetch,
): Promise<DeliveryOutcome> {
  const refusal = refuseTarget(delivery.url, { allowPrivate });
  if (refusal !== null) return { outcome: "stopped", reason: `the target ${refusal}` };
  const response = await sendTry(signedRequest(delivery, now), send);
  if (typeof response === "string") return { outcome: "retry", reason: response };
  if (response.ok) return { outcome: "delivered" };
  if (response.status === GONE) return { outcome: "stopped", reason: answered(response) };
  return retryAfter(response, now);
}

function signedRequest({ id, url, event, secrets }: WebhookDelivery, now: number): Request {
  const body = JSON.stringify(event);
  const at = new Date(now);
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body));
  return new Request(url, {
    method: "POST",
    redirect: "manual",
    headers: {
      "content-type": "application/json",
      "user-agent": "Flux-Sculptor-Webhooks/1",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now / 1000)),
      "webhook-signature": signatures.join(" "),
    },
    body,
  });
}
