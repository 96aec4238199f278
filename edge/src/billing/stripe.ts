import Stripe from "stripe";
import type { Settings } from "../env.ts";

const TIMEOUT_MS = 15_000;

/**
 * The client of Stripe's API, or null if no key is set: then credits are added by hand and nothing is metered. It never
 * retries by itself: the account's outbox does, and it outlives this worker.
 */
export function openStripe(
  settings: Pick<Settings, "STRIPE_SECRET_KEY" | "STRIPE_API_URL">,
  send: typeof fetch = fetch,
): Stripe | null {
  const { STRIPE_SECRET_KEY: key, STRIPE_API_URL } = settings;
  if (key === undefined) return null;
  const api = new URL(STRIPE_API_URL);
  const secure = api.protocol === "https:";
  return new Stripe(key, {
    httpClient: Stripe.createFetchHttpClient(send),
    protocol: secure ? "https" : "http",
    host: api.hostname,
    port: api.port || (secure ? 443 : 80),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
  });
}
