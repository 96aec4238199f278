import type { IdempotencyState } from "../contract/idempotency.ts";

/**
 * Idempotency of POSTs: the first answer is kept for a day. A claim whose request died (its worker was killed)
 * lapses after a minute, so that a client's retry gets through.
 */
export interface IdempotencyRecord {
  /** Hash of the request. */
  readonly fingerprint: string;
  readonly claimedAt: number;
  readonly expiresAt: number;
  /** Null while the first request is under way. */
  readonly answer: { readonly status: number; readonly value: unknown } | null;
}

export const KEPT_MS = 24 * 3_600_000;
const CLAIM_MS = 60_000;

/** Requests take a second or less to complete their record. */
const RETRY_AFTER_SECONDS = 1;

export function claimed(fingerprint: string, now: number): IdempotencyRecord {
  return { fingerprint, claimedAt: now, expiresAt: now + KEPT_MS, answer: null };
}

/** The state that a request with this key and fingerprint finds. */
export function stateOf(
  record: IdempotencyRecord | null,
  fingerprint: string,
  now: number,
): IdempotencyState {
  if (record === null || now >= record.expiresAt) return { state: "new" };
  if (record.answer === null && now >= record.claimedAt + CLAIM_MS) return { state: "new" };
  if (record.fingerprint !== fingerprint) return { state: "mismatch" };
  if (record.answer === null) return { state: "running", retryAfterSeconds: RETRY_AFTER_SECONDS };
  return { state: "replay", ...record.answer };
}
