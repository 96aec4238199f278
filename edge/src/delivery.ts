/**
 * The outcome of one try to deliver something to another party (a webhook, a meter event, a usage report), and when the
 * next try is due. Times are Unix milliseconds.
 */
export type DeliveryOutcome =
  | { readonly outcome: "delivered" }
  /** The receiver does not want it, or must not get it: no further try. */
  | { readonly outcome: "stopped"; readonly reason: string }
  /** `afterMs`: how long the receiver asked to wait. */
  | { readonly outcome: "retry"; readonly reason: string; readonly afterMs?: number };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Delays between tries: the example table of the Standard Webhooks specification, up to one day. */
const DELAYS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR] as const;

/** The last try is made this long after the first. */
export const DELIVERY_DAY_MS = 24 * HOUR;

/** Maximum share of a delay that jitter adds, so that joint failures are not retried together. */
const JITTER = 0.1;

/**
 * When to retry after `tries` failures, or null if a day has passed since the first.
 * @param jitter from 0 to 1, drawn by the caller
 */
export function nextTry(history: {
  readonly tries: number;
  readonly firstAt: number;
  readonly now: number;
  readonly jitter: number;
  readonly afterMs?: number;
}): number | null {
  const { tries, firstAt, now, jitter, afterMs = 0 } = history;
  const last = firstAt + DELIVERY_DAY_MS;
  if (now >= last) return null;
  const delay = DELAYS[Math.min(tries, DELAYS.length) - 1] ?? DELAYS[0];
  return Math.min(last, now + Math.max(afterMs, Math.round(delay * (1 + JITTER * jitter))));
}

/** The receiver must answer within this time, or the try has failed. */
const ANSWER_MS = 15_000;

/**
 * Sends one try. Returns the answer with its body unread, or the reason in words if there is none: a rejected fetch is
 * the receiver's fault (no connection, a lost one, or silence).
 */
export async function sendTry(request: Request, send: typeof fetch): Promise<Response | string> {
  const silence = new AbortController();
  // Not AbortSignal.timeout: its timer outlives the answer and keeps an account's object awake.
  const timer = setTimeout(() => silence.abort(), ANSWER_MS);
  try {
    const response = await send(request, { signal: silence.signal });
    await response.body?.cancel();
    return response;
  } catch {
    return silence.signal.aborted ? `no answer within ${ANSWER_MS / 1000} s` : "no connection";
  } finally {
    clearTimeout(timer);
  }
}

/** What an unsuccessful answer asks for: another try, after the time that it gives. */
export function retryAfter(response: Response, now: number): DeliveryOutcome {
  const afterMs = retryAfterMs(response.headers.get("retry-after"), now);
  return { outcome: "retry", reason: answered(response), ...(afterMs === undefined ? {} : { afterMs }) };
}

export const answered = ({ status }: Response) => `it answered ${status}`;

/** `Retry-After` (RFC 9110, 10.2.3: seconds or a date) in milliseconds; undefined if it is absent or unreadable. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
