import { type Quota, WINDOW_SECONDS } from "../account/contract/limits.ts";
import { Refusal } from "../problem.ts";

/** `RateLimit-Policy` and `RateLimit` as structured fields (draft-ietf-httpapi-ratelimit-headers-10). */
export function quotaHeaders(quotas: readonly Quota[]): [name: string, value: string][] {
  if (quotas.length === 0) return [];
  const policy = quotas.map(({ name, limit }) => `"${name}";q=${limit};w=${WINDOW_SECONDS}`);
  const state = quotas.map(
    ({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`,
  );
  return [
    ["RateLimit-Policy", policy.join(", ")],
    ["RateLimit", state.join(", ")],
  ];
}

/** Whether a request counts for the account: only if its own credential is within its limits. */
export const countsForAccount = (quotas: readonly Quota[]) =>
  quotas.length > 0 && quotas.every(({ name, allowed }) => allowed || name.startsWith("account-"));

/** @throws Refusal `rate_limited` with `Retry-After` if a limit is used up */
export function refuseExceeded(quotas: readonly Quota[]): void {
  const exceeded = quotas.find(({ allowed }) => !allowed);
  if (exceeded !== undefined) throw overLimit(exceeded);
}

/** The refusal for an exceeded limit. */
export function overLimit({
  name,
  limit,
  resetSeconds,
}: Pick<Quota, "name" | "limit" | "resetSeconds">): Refusal {
  const what = name.startsWith("account-") ? `${name.slice("account-".length)} of an account` : name;
  return new Refusal("rate_limited", `${limit} ${what} a minute are taken, no more`, {
    headers: { "Retry-After": String(resetSeconds) },
  });
}
