import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis/cloudflare";
import type { Id } from "../../../shared/ids.ts";
import type { Settings } from "../env.ts";
import { Circuit } from "../upstash/circuit.ts";

/** What is counted of a key or token: every request, and the edits it asks for. */
export type KeyLimit = "requests" | "edits";

/** The same of all of an account's keys and tokens together. */
export type LimitName = KeyLimit | `account-${KeyLimit}`;

/** The window of every limit, in seconds. */
export const WINDOW_SECONDS = 60;

/** Longest that a request waits for its count, in milliseconds. */
const PATIENCE_MS = 300;

/** What is left of one limit after a request was counted. */
export interface Quota {
  readonly name: LimitName;
  /** Requests a window. */
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly allowed: boolean;
}

export interface RateLimit {
  /** Counts one request (or `rate` of them) of a key, token or account; null where the counter is away: limits fail open. */
  count(
    name: LimitName,
    who: Id<"key"> | Id<"acct"> | `token:${string}`,
    limit: number,
    rate?: number,
  ): Promise<Quota | null>;
}

/**
 * The same count under another limit; null where it must be taken anew, because what was refused under the lower
 * limit was not counted.
 */
export function underLimit(quota: Quota, limit: number): Quota | null {
  if (!quota.allowed) return limit > quota.limit ? null : { ...quota, limit };
  const used = quota.limit - quota.remaining;
  return { ...quota, limit, remaining: Math.max(0, limit - used), allowed: used <= limit };
}

const opened = new WeakMap<Settings, RateLimit | null>();

/** The sliding windows in Upstash, or null where none is configured. */
export function rateLimitOf(settings: Settings): RateLimit | null {
  const known = opened.get(settings);
  if (known !== undefined) return known;
  const limiter = openRateLimit(settings);
  opened.set(settings, limiter);
  return limiter;
}

/** `ephemeralCache` is off: it would go on refusing a key in this isolate after its limit was raised. */
export function openRateLimit(settings: Settings): RateLimit | null {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = settings;
  if (url === undefined || token === undefined) return null;
  const signal = () => AbortSignal.timeout(PATIENCE_MS);
  const redis = new Redis({ url, token, retry: false, signal, enableTelemetry: false });
  const windows = new Map<string, Ratelimit>();
  const circuit = new Circuit("rate_limit_unavailable");

  const windowOf = (name: LimitName, limit: number): Ratelimit => {
    const id = `${name} ${limit}`;
    const known = windows.get(id);
    if (known !== undefined) return known;
    const limiter = Ratelimit.slidingWindow(limit, `${WINDOW_SECONDS} s`);
    const window = new Ratelimit({
      redis,
      limiter,
      prefix: `rate:${name}`,
      ephemeralCache: false,
      timeout: 0,
    });
    windows.set(id, window);
    return window;
  };

  return {
    count: (name, key, limit, rate = 1) =>
      circuit.attempt(async () => {
        const { success, remaining, reset } = await windowOf(name, limit).limit(key, { rate });
        const resetSeconds = Math.max(1, Math.ceil((reset - Date.now()) / 1000));
        return { name, limit, remaining, resetSeconds, allowed: success };
      }),
  };
}
