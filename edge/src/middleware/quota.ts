import { type Quota, WINDOW_SECONDS } from "../limits/rate-limit.ts";
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

/** @throws Refusal `rate_limited` with `Retry-After` where a limit is used up */
export function refuseExceeded(quotas: readonly Quota[]): void {
  const exceeded = quotas.find(({ allowed }) => !allowed);
  if (exceeded === undefined) return;
  const { name, limit, resetSeconds } = exceeded;
  const what = name.startsWith("account-") ? `${name.slice("account-".length)} of an account` : name;
  throw new Refusal("rate_limited", `${limit} ${what} a minute are taken, no more`, {
    headers: { "Retry-After": String(resetSeconds) },
  });
}
