import type { Id } from "../../../shared/ids.ts";
import { type Env, type Settings, settingsOf } from "../env.ts";
import { type KeyLimit, type Quota, rateLimitOf } from "./rate-limit.ts";

/** Requests and edits a minute of an account, whichever of its keys and tokens they come by. */
const limitOf = (settings: Settings, name: KeyLimit) =>
  name === "edits" ? settings.ACCOUNT_EDITS_A_MINUTE : settings.ACCOUNT_REQUESTS_A_MINUTE;

/** Counts one request (or `rate` of them) of an account against its own limits; null where the counter is away. */
export function countAccount(
  env: Env,
  account: Id<"acct">,
  names: readonly KeyLimit[],
  rate = 1,
): Promise<(Quota | null)[]> {
  const settings = settingsOf(env);
  const rates = rateLimitOf(settings);
  return Promise.all(
    names.map((name) => rates?.count(`account-${name}`, account, limitOf(settings, name), rate) ?? null),
  );
}
