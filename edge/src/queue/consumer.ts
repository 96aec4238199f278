import type { EditMessage } from "../account/contract/edits.ts";
import { accountOf } from "../context.ts";
import type { Env } from "../env.ts";
import { runnerOf } from "./runner.ts";

/** Wait after an error of our own (an unreachable object), in seconds. */
const FAULT_SECONDS = 5;

/**
 * Consumes the queues `…-edits` and `…-edits-dead`. A message is handed over to its edit's runner and acknowledged: a
 * consumer lives for milliseconds, however long the run. If the handover fails, the message is retried.
 */
export async function consumeEdits(batch: MessageBatch<EditMessage>, env: Env): Promise<void> {
  const consume = batch.queue.endsWith("-dead") ? settle : handOver;
  await Promise.all(
    batch.messages.map(async (message) => {
      const { account, edit } = message.body;
      try {
        await consume(env, message.body);
        message.ack();
      } catch (error) {
        console.error(JSON.stringify({ event: "consumer_error", account, edit, error: String(error) }));
        message.retry({ delaySeconds: FAULT_SECONDS });
      }
    }),
  );
}

/** A message that the queue gave up on: the edit fails, its hold is released. */
async function settle(env: Env, { account, edit }: EditMessage): Promise<void> {
  await accountOf(env, account).settleDead(edit);
}

async function handOver(env: Env, message: EditMessage): Promise<void> {
  await runnerOf(env, message.edit).begin(message);
}
