import { apiErrorOf, ConnectionError, retryAfterOf } from "./errors.ts";

/** The version of the API that this client speaks, sent as `Flux-Version`. */
export const API_VERSION = "2026-11-28";

/** How requests are made and retried. */
export interface RequestSettings {
  /** `https://host` of the API. */
  readonly url: string;
  /** A secret key, for servers, or a signed token, for browsers and apps; neither for public routes. */
  readonly key?: string | undefined;
  readonly token?: string | undefined;
  /** Another `fetch`, such as Expo's, which can stream. */
  readonly fetch?: typeof fetch | undefined;
  /** Maximum number of retries of a request (3). */
  readonly retries?: number | undefined;
}

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON, except for forms and bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The same key has its effect once, however often the request is retried; a POST without one gets a new one. */
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** First wait before a retry, in milliseconds; it doubles up to the longest. */
const WAIT_MS = { first: 250, longest: 8_000 } as const;

/** A longer `Retry-After` than this is left to the caller. */
const RETRY_AFTER_MAX_S = 60;

/** Answers that a retry may change. */
const RETRIED = new Set([429, 502, 503, 504]);

/**
 * Makes a request, and retries it a few times at most after a limit, an outage or a broken connection.
 * @throws ApiError if the answer is a refusal; ConnectionError if there was none; the signal's reason once it aborts
 */
export async function request(
  settings: RequestSettings,
  path: string,
  options: RequestOptions,
): Promise<Response> {
  const { retries = 3, fetch: send = fetch } = settings;
  const { url, init } = written(settings, path, options);
  for (let tried = 0; ; tried += 1) {
    const outcome = await attempt(() => send(url.href, init));
    if ("answer" in outcome && outcome.answer.ok) return outcome.answer;
    options.signal?.throwIfAborted();
    const waitMs = tried < retries ? waitBefore(tried, outcome) : null;
    if (waitMs === null) {
      if ("answer" in outcome) throw await apiErrorOf(outcome.answer, url.origin);
      throw new ConnectionError(url.origin, outcome.error);
    }
    if ("answer" in outcome) await outcome.answer.body?.cancel();
    await sleep(waitMs, options.signal);
  }
}

type Outcome = { readonly answer: Response } | { readonly error: unknown };

async function attempt(send: () => Promise<Response>): Promise<Outcome> {
  try {
    return { answer: await send() };
  } catch (error) {
    return { error };
  }
}

/** Milliseconds until the retry, or null if none will help. */
function waitBefore(tried: number, outcome: Outcome): number | null {
  const backOff = Math.min(WAIT_MS.longest, WAIT_MS.first * 2 ** tried) * (0.5 + Math.random() / 2);
  if ("error" in outcome) return backOff;
  const { status, headers } = outcome.answer;
  const retryAfter = retryAfterOf(headers);
  // a conflict with Retry-After is a first request under the same key that is still running
  if (!RETRIED.has(status) && !(status === 409 && retryAfter !== null)) return null;
  if (retryAfter === null) return backOff;
  return retryAfter > RETRY_AFTER_MAX_S ? null : Math.max(retryAfter * 1000, backOff);
}

function written(
  { url: origin, key, token }: RequestSettings,
  path: string,
  { method = "GET", query = {}, body, headers: given, idempotencyKey, signal }: RequestOptions,
): { url: URL; init: RequestInit } {
  const url = new URL(path, origin);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  if (token !== undefined) url.searchParams.set("token", token);
  const headers = new Headers(given);
  headers.set("Flux-Version", API_VERSION);
  if (key !== undefined) headers.set("Authorization", `Bearer ${key}`);
  if (method === "POST") headers.set("Idempotency-Key", idempotencyKey ?? uniqueName());
  const raw = body instanceof FormData || body instanceof Uint8Array || body instanceof Blob;
  if (body !== undefined && !raw) headers.set("Content-Type", "application/json");
  const sent = raw
    ? (body as NonNullable<RequestInit["body"]>)
    : body === undefined
      ? undefined
      : JSON.stringify(body);
  return { url, init: { method, headers, ...(sent && { body: sent }), ...(signal && { signal }) } };
}

/** A unique name. It need not be secret, and React Native has no `crypto.randomUUID`. */
function uniqueName(): string {
  const random = () => Math.random().toString(36).slice(2);
  const { crypto } = globalThis as { crypto?: { randomUUID?: () => string } };
  return crypto?.randomUUID?.() ?? `${Date.now().toString(36)}-${random()}-${random()}`;
}

/** Waits. @throws the signal's reason once it aborts */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
