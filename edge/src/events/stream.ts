import type { SSEStreamingApi } from "hono/streaming";
import { isFinal } from "../../../shared/edit.ts";
import type { EditRow } from "../account/contract/edits.ts";
import type { EditNews } from "../account/contract/reading.ts";
import type { AccountRpc } from "../account/contract/rpc.ts";
import type { NumberedEvent } from "./edit-events.ts";

/** A comment is sent at least this often, so that no proxy closes a quiet stream. */
export const HEARTBEAT_MS = 15_000;

/** When a client reconnects after a broken connection, in milliseconds. */
const RETRY_MS = 2_000;

interface Source {
  readonly account: Pick<AccountRpc, "editNews">;
  readonly id: EditRow["id"];
  /** A key's id, or `token:` and a token's: each has its own streams. */
  readonly who: string;
  /** Turns news into the events that the client may see. */
  present(news: EditNews): Promise<readonly NumberedEvent[]>;
}

/**
 * Streams the events of an edit until it ends, starting with `news`. The account answers when something happens; if
 * nothing does for a heartbeat interval, a comment is sent. The stream ends with the edit, or earlier if nothing more
 * can be sent: clients then reconnect with the last id they saw.
 * @param after id of the last event that the client saw, 0 for none
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
