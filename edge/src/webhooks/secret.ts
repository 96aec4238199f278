/** Standard Webhooks requires 24 to 64 random bytes. */
const BYTES = 32;

/** A new signing secret for an account: `whsec_` and 32 random bytes in base 64. */
export function newWebhookSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
