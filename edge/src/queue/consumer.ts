import type { EditMessage, Run } from "../account/contract/edits.ts";
import type { AccountRpc } from "../account/contract/rpc.ts";
import { accountOf } from "../context.ts";
import type { Env } from "../env.ts";
import { attempt, type Ending } from "./attempt.ts";

/** Wait after an error of our own (the account's object out of reach), in seconds. */
const FAULT_SECONDS = 5;

/** A busy GPU is asked ever less often: 100 deliveries, which the queue allows, then outlast every deadline. */
const BUSY_SECONDS_MAX = 10;

/**
 * Consumes the queues `…-edits` and `…-edits-dead`. Every message is acknowledged or retried; a consumer that dies
 * in between leaves a lease, and the account's alarm sends the edit again when it lapses.
 */
export async function consumeEdits(batch: MessageBatch<EditMessage>, env: Env): Promise<void> {
  const consume = batch.queue.endsWith("-dead") ? settle : deliver;
  await Promise.all(
    batch.messages.map(async (message) => {
      const { account, edit } = message.body;
      try {
        await consume(env, accountOf(env, account), message);
      } catch (error) {
        console.error(JSON.stringify({ event: "consumer_error", account, edit, error: String(error) }));
        message.retry({ delaySeconds: FAULT_SECONDS });
      }
    }),
  );
}

type EditDelivery = Message<EditMessage>;

/** A message that the queue gave up: the edit ends, its hold is released. */
async function settle(_env: Env, account: AccountRpc, message: EditDelivery): Promise<void> {
  await account.settleDead(message.body.edit);
  message.ack();
}

/** One delivery: an attempt at the edit, if it is there to be claimed. */
async function deliver(env: Env, account: AccountRpc, message: EditDelivery): Promise<void> {
  const claim = await account.claim(message.body.edit);
  // Settled, or running elsewhere: the account itself sends a message again where a run is lost.
  if (claim.outcome !== "claimed") return message.ack();
  const started = Date.now();
  const run = { edit: claim.edit.id, attempt: claim.attempt };
  const ending = await attempt(env, account, run, claim);
  console.log(JSON.stringify({ event: "run", ...run, outcome: outcomeOf(ending), ms: Date.now() - started }));
  const delaySeconds = await close(account, run, ending, message.attempts);
  if (delaySeconds === null) message.ack();
  else message.retry({ delaySeconds });
}

/** Reports to the account how an attempt ended. Returns the seconds until the message must come again, or null for never. */
async function close(
  account: AccountRpc,
  run: Run,
  ending: Ending,
  deliveries: number,
): Promise<number | null> {
  if (ending.outcome === "busy") {
    const seconds = Math.max(ending.retryAfterSeconds, Math.min(BUSY_SECONDS_MAX, deliveries));
    await account.yieldClaim(run, seconds);
    return seconds;
  }
  if (ending.outcome !== "failed") return null;
  const failed = await account.fail(run, ending.error);
  return failed.outcome === "retry" ? failed.delaySeconds : null;
}

const outcomeOf = (ending: Ending) => (ending.outcome === "failed" ? ending.error.code : ending.outcome);
