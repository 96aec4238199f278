import type { Caller } from "../context.ts";
import { type Env, settingsOf } from "../env.ts";
import { refuseExceeded } from "../middleware/quota.ts";
import { countAccount } from "./account-limit.ts";
import { rateLimitOf } from "./rate-limit.ts";

/**
 * Counts the edits of a request beyond its first, which was counted with the request itself.
 * @throws Refusal `rate_limited`
 */
export async function countFurtherEdits(env: Env, caller: Caller, further: number): Promise<void> {
  const { id, key, permit } = caller;
  const who = permit === undefined ? key.id : (`token:${permit.claims.jti}` as const);
  const counted = await Promise.all([
    rateLimitOf(settingsOf(env))?.count("edits", who, key.limits.edits, further) ?? null,
    countAccount(env, id, ["edits"], further),
  ]);
  refuseExceeded(counted.flat().filter((quota) => quota !== null));
}
