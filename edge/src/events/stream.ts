import type { SSEStreamingApi } from "hono/streaming";
import { isFinal } from "../../../shared/edit.ts";
import type { EditRow } from "../account/contract/edits.ts";
import type { EditNews } from "../account/contract/reading.ts";
import type { AccountRpc } from "../account/contract/rpc.ts";
import type { NumberedEvent } from "./happened.ts";

/** A comment at least this often, so that nobody on the way takes a quiet stream for a dead one. */
export const HEARTBEAT_MS = 15_000;

/** When a client whose connection broke comes back, in milliseconds. */
const RETRY_MS = 2_000;

interface Source {
  readonly account: Pick<AccountRpc, "editNews">;
  readonly id: EditRow["id"];
  /** A key's id, or `token:` and a token's: each has streams of its own. */
  readonly who: string;
  /** Events of some news, as the client may see them. */
  present(news: EditNews): Promise<readonly NumberedEvent[]>;
}

/**
 * Tells what happens to an edit until it ended, beginning with `news`. The account answers when something happened;
 * where nothing does for the time of a heartbeat, a comment goes out. The stream ends with the edit's end, or before
 * it where nothing more can be told: clients then come back with the id they saw last.
 * @param after id of the event that the client saw last, 0 for none
 */
export async function writeEvents(
  stream: Pick<SSEStreamingApi, "write" | "writeSSE" | "aborted" | "closed">,
  { account, id, who, present }: Source,
  news: EditNews,
  after: number,
  heartbeatMs = HEARTBEAT_MS,
): Promise<void> {
  await stream.write(`retry: ${RETRY_MS}\n\n`);
  let [known, seen]: [EditNews, number] = [news, after];
  while (!stream.aborted && !stream.closed) {
    for (const { id: number, event, data } of await present(known))
      await stream.writeSSE({
        ...(number !== null && { id: String(number) }),
        event,
        data: JSON.stringify(data),
      });
    if (isFinal(known.edit)) return;
    seen = known.happenings.at(-1)?.id ?? seen;
    const next = await account.editNews(id, who, seen, heartbeatMs);
    if (next === null || next === "crowded") return;
    if (next.happenings.length === 0) await stream.write(": nothing new\n\n");
    known = next;
  }
}
