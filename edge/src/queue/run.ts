import type { ClaimOutcome, EditMessage, Run } from "../account/contract/edits.ts";
import type { AccountRpc } from "../account/contract/rpc.ts";
import { accountOf } from "../context.ts";
import type { Env } from "../env.ts";
import { attempt, type Ending } from "./attempt.ts";

/** A busy GPU is asked ever less often: at most so many seconds lie between two questions. */
const BUSY_SECONDS_MAX = 10;

type Claimed = Extract<ClaimOutcome, { outcome: "claimed" }>;

/** One claimed attempt, to its end in the account; where the edit is to be tried again, the queue gets it for later. */
export async function perform(env: Env, message: EditMessage, claim: Claimed): Promise<void> {
  const account = accountOf(env, message.account);
  const started = Date.now();
  const run = { edit: claim.edit.id, attempt: claim.attempt };
  const ending = await attempt(env, account, run, claim);
  console.log(JSON.stringify({ event: "run", ...run, outcome: outcomeOf(ending), ms: Date.now() - started }));
  const delaySeconds = await close(account, run, ending);
  if (delaySeconds !== null) await env.EDITS.send(message, { delaySeconds });
}

/** Reports to the account how an attempt ended. @returns seconds until the edit is tried again; null for never */
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
