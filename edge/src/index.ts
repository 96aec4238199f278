import type { EditMessage } from "./account/contract/edits.ts";
import { app } from "./app.ts";
import type { Env } from "./env.ts";
import { consumeEdits } from "./queue/consumer.ts";

/** The worker: HTTP requests, the queue of edits, and the Durable Objects of accounts and runs. */
export default { fetch: app.fetch, queue: consumeEdits } satisfies ExportedHandler<Env, EditMessage>;

export { Account } from "./account/account.ts";
export { Runner } from "./queue/runner.ts";
