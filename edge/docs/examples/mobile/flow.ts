// What an app does for an edit, without React: it holds no secret, only what its own server signed (server.ts).
import { createParser } from "eventsource-parser";

/** `fetch` of the platform; in Expo `expo/fetch`, which can stream. */
export type Fetch = (url: string, init?: FetchInit) => Promise<FetchAnswer>;

interface FetchInit {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  signal?: AbortSignal;
}

interface FetchAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: { getReader(): Reader } | null;
  json(): Promise<unknown>;
}

interface Reader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** Addresses with tokens in them, from the app's own server: where to start an upload, and where to request an edit. */
export interface Session {
  readonly upload: string;
  readonly edit: string;
}

/** The fields of an edit that the app uses; all of them are in the contract (`GET /openapi.json`). */
export interface Edit {
  readonly id: string;
  readonly status: "queued" | "running" | "succeeded" | "failed" | "canceled";
  readonly image: { readonly url: string; readonly width: number; readonly height: number } | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
  readonly urls: { readonly events: string; readonly cancel: string };
}

export type Happening =
  | { readonly event: "queued"; readonly data: { readonly position: number } }
  | { readonly event: "started"; readonly data: unknown }
  | {
      readonly event: "progress";
      readonly data: { phase: string; step: number; steps: number; eta_ms: number | null };
    }
  | { readonly event: "preview"; readonly data: { readonly url: string } }
  | { readonly event: "succeeded" | "failed" | "canceled"; readonly data: Edit };

/** Uploads a photo to a signed URL. @returns its id, for use in edits */
export async function upload(
  fetch: Fetch,
  session: Session,
  photo: { bytes: Uint8Array<ArrayBuffer>; type: string },
): Promise<string> {
  const announced = { content_type: photo.type, bytes: photo.bytes.byteLength };
  const { image_id, url } = await post<{ image_id: string; url: string }>(fetch, session.upload, announced);
  const answer = await fetch(url, {
    method: "PUT",
    headers: { "Content-Type": photo.type },
    body: photo.bytes,
  });
  if (!answer.ok) throw await refusal(answer);
  return image_id;
}

/** Requests an edit; it is accepted at once and runs in the background. */
export function start(
  fetch: Fetch,
  session: Session,
  order: { image: string; prompt: string; source_prompt?: string; schedule?: string | object },
): Promise<Edit> {
  return post<Edit>(fetch, session.edit, order);
}

/**
 * The events of an edit, up to its end. Phones lose connections: after each loss the stream is resumed after the last
 * event seen.
 * @param edit as returned by `start`: its events address carries the token
 */
export async function* follow(fetch: Fetch, edit: Edit, signal?: AbortSignal): AsyncGenerator<Happening> {
  let seen: string | undefined;
  for (let silent = 0; silent < 5; silent += 1) {
    const headers = { Accept: "text/event-stream", ...(seen && { "Last-Event-ID": seen }) };
    // null: there is no connection now, but there may be one in a moment
    const answer = await fetch(edit.urls.events, { headers, ...(signal && { signal }) }).catch(() => null);
    if (answer?.status === 204) return;
    if (answer?.ok === false) throw await refusal(answer);
    if (answer?.body)
      for await (const { id, event, data } of messages(answer.body.getReader())) {
        [seen, silent] = [id ?? seen, 0];
        yield { event, data: JSON.parse(data) } as Happening;
        if (event === "succeeded" || event === "failed" || event === "canceled") return;
      }
    if (signal?.aborted) return;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  throw new Error("The connection keeps breaking off.");
}

async function* messages(reader: Reader) {
  const received: { id?: string | undefined; event?: string | undefined; data: string }[] = [];
  const parser = createParser({ onEvent: (message) => received.push(message) });
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* received.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function post<T>(fetch: Fetch, url: string, body: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": `${Date.now()}-${Math.random()}` };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw await refusal(answer);
  return (await answer.json()) as T;
}

/** A problem document (RFC 9457) as one sentence. */
async function refusal(answer: FetchAnswer): Promise<Error> {
  const problem = (await answer.json().catch(() => null)) as { detail?: string } | null;
  return new Error(problem?.detail ?? `The server answered ${answer.status}.`);
}
