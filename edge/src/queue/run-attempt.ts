import type { ClaimOutcome, EditMessage, Run } from "../account/contract/edits.ts";
import type { AccountRpc } from "../account/contract/rpc.ts";
import { accountOf } from "../context.ts";
import type { Env } from "../env.ts";
import { attempt, type Ending } from "./attempt.ts";

/** A busy GPU is asked less and less often: the interval grows to this many seconds. */
const BUSY_SECONDS_MAX = 10;

type Claimed = Extract<ClaimOutcome, { outcome: "claimed" }>;

/** Runs one claimed attempt to its end in the account; if the edit must be retried, it is queued for later. */
export async function perform(env: Env, message: EditMessage, claim: Claimed): Promise<void> {
  const account = accountOf(env, message.account);
  const started = Date.now();
  const run = { edit: claim.edit.id, attempt: claim.attempt };
  const ending = await attempt(env, account, run, claim);
  console.log(JSON.stringify({ event: "run", ...run, outcome: outcomeOf(ending), ms: Date.now() - started }));
  const delaySeconds = await close(account, run, ending);
  if (delaySeconds !== null) await env.EDITS.send(message, { delaySeconds });
}

/** Reports the attempt's outcome to the account. @returns seconds until the edit is retried; null for never */
async function close(account: AccountRpc, run: Run, ending: Ending): Promise<number | null> {
  if (ending.outcome === "busy") {
    const seconds = Math.max(ending.retryAfterSeconds, Math.min(BUSY_SECONDS_MAX, run.attempt));
    await account.yieldClaim(run, seconds);
    return seconds;
  }
  if (ending.outcome !== "failed") return null;
  const failed = await account.fail(run, ending.error);
  return failed.outcome === "retry" ? failed.delaySeconds : null;
}

const outcomeOf = (ending: Ending) => (ending.outcome === "failed" ? ending.error.code : ending.outcome);
