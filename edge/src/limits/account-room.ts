import { PromisedTimes } from "./promised-times.ts";

/** Ends of edits used to estimate how fast places become free: how many, and their maximum age in milliseconds. */
const ENDS = 8;
const RECENT_MS = 120_000;

/** Assumed time between two ends if nothing is known. */
const UNKNOWN_GAP_MS = 10_000;

/** State from the account's tables: unfinished edits, and how long the latest ones took. */
export interface Load {
  readonly unfinished: number;
  /** Latest time by which all of them will have ended, Unix milliseconds. */
  readonly until: number;
  /** GPU milliseconds per edit; null if none has ended yet. */
  readonly msPerEdit: number | null;
}

/** Room for an account's unfinished edits, and when there will be some again. */
export class AccountRoom {
  readonly limit: number;
  readonly #promised = new PromisedTimes();
  /** When edits ended, newest last. */
  #ends: number[] = [];

  /** @param limit maximum number of unfinished edits of the account */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Records that an edit has ended. */
  ended(now: number): void {
    this.#ends = [...this.#ends, now].slice(-ENDS);
  }

  /** Seconds until there is room for `wanted` more edits; null if there is room now. */
  retryAfter({ unfinished, until, msPerEdit }: Load, wanted: number, now: number): number | null {
    const missing = unfinished + wanted - this.limit;
    if (missing <= 0) return null;
    const gapMs = this.#gapMs(now) ?? msPerEdit ?? UNKNOWN_GAP_MS;
    const last = this.#ends.at(-1) ?? Number.NEGATIVE_INFINITY;
    const nextMs = now - last < gapMs ? last + gapMs - now : gapMs;
    const maxMs = Math.max(0, until - now);
    return this.#promised.next(
      { firstMs: nextMs + (missing - 1) * gapMs, gapMs: wanted * gapMs, maxMs },
      now,
    );
  }

  /** Mean time between recent ends; the time since the last one counts too if it is already longer. */
  #gapMs(now: number): number | null {
    const recent = this.#ends.filter((at) => now - at <= RECENT_MS);
    const [first, last] = [recent[0], recent.at(-1)];
    if (first === undefined || last === undefined || recent.length < 2) return null;
    return Math.max((last - first) / (recent.length - 1), now - last, 1);
  }
}
