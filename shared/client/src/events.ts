import { createParser, type EventSourceMessage } from "eventsource-parser";
import { type RequestSettings, request, sleep } from "./request.ts";
import type { EditEvent } from "./types.ts";

/** An event and its id, from which a stream can be resumed. */
export type FollowedEvent = EditEvent & { readonly id: string };

export interface Following {
  /** Id of the last event seen: only later events are reported. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which a connection counts as broken; the API sends one every 15 s. */
  readonly silenceMs?: number | undefined;
}

/** Three heartbeat intervals of the API. */
const SILENCE_MS = 45_000;

/** Milliseconds before a broken stream is resumed, unless the stream itself names a time. */
const RETRY_MS = 2_000;

const ENDS: ReadonlySet<string> = new Set<EditEvent["event"]>(["succeeded", "failed", "canceled"]);
const KNOWN: ReadonlySet<string> = new Set<EditEvent["event"]>([
  "queued",
  "started",
  "progress",
  "preview",
  "succeeded",
  "failed",
  "canceled",
]);

/**
 * Follows an edit to its end over Server-Sent Events (WHATWG HTML, 9.2). A connection that ends early, breaks or falls
 * silent is resumed after the last event seen, so that nothing is reported twice. Events with names that this client
 * does not know are skipped. Only names and JSON are checked: what an event contains is typed by the contract and
 * passed on as the API sent it, like every other answer.
 * @throws ApiError if the API refuses; SyntaxError if an event is not JSON; Error if connection after connection
 * (`settings.retries` + 1) ends without data; the signal's reason once it aborts
 */
export async function* followEdit(
  settings: RequestSettings,
  path: string,
  { lastEventId, signal, silenceMs = SILENCE_MS }: Following = {},
): AsyncGenerator<FollowedEvent, void> {
  const { retries = 3 } = settings;
  let [seen, retryMs, wordless] = [lastEventId, RETRY_MS, 0];
  for (;;) {
    const answer = await request(settings, path, {
      signal,
      headers: { Accept: "text/event-stream", ...(seen !== undefined && { "Last-Event-ID": seen }) },
    });
    if (answer.status === 204 || answer.body === null) return;
    wordless += 1;
    const heard = { retry: (ms: number) => (retryMs = ms), comment: () => (wordless = 0) };
    for await (const { id = seen ?? "", event, data } of messagesOf(answer.body, heard, silenceMs)) {
      wordless = 0;
      seen = id;
      if (event === undefined || !KNOWN.has(event)) continue;
      yield { event, data: JSON.parse(data), id } as FollowedEvent;
      if (ENDS.has(event)) return;
    }
    signal?.throwIfAborted();
    if (wordless > retries)
      throw new Error(`the stream of events ended ${wordless} times in a row without a word`);
    await sleep(retryMs, signal);
  }
}

/** What a connection carries besides events. */
interface Heard {
  retry(ms: number): void;
  comment(): void;
}

/**
 * The messages of one connection until it ends, breaks or falls silent: to a caller that resumes, these are the same.
 */
async function* messagesOf(
  body: ReadableStream,
  { retry, comment }: Heard,
  silenceMs: number,
): AsyncGenerator<EventSourceMessage, void> {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (message) => messages.push(message),
    onRetry: retry,
    onComment: comment,
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const silence = setTimeout(() => void reader.cancel(), silenceMs);
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      clearTimeout(silence);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* messages.splice(0);
    }
  } finally {
    // a reader that leaves the loop closes the connection; a broken one has nothing left to cancel
    await reader.cancel().catch(() => undefined);
  }
}
