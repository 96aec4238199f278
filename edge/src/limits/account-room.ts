import { PromisedTimes } from "./promised-times.ts";

/** Ends of edits that tell how fast places fall free: so many, and not older than this in milliseconds. */
const ENDS = 8;
const RECENT_MS = 120_000;

/** Between two ends where nothing is known. */
const UNKNOWN_GAP_MS = 10_000;

/** What the account's tables say: unfinished edits, and how long the latest ones took. */
export interface Load {
  readonly unfinished: number;
  /** Latest time by which all of them have ended, Unix milliseconds. */
  readonly until: number;
  /** Milliseconds that one edit takes a GPU; null if none has ended yet. */
  readonly msPerEdit: number | null;
}

/** Room for unfinished edits of one account, and when there is some again. */
export class AccountRoom {
  readonly limit: number;
  readonly #promised = new PromisedTimes();
  /** When edits ended, the latest last. */
  #ends: number[] = [];

  /** @param limit unfinished edits that the account may have */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Notes that an edit has ended. */
  ended(now: number): void {
    this.#ends = [...this.#ends, now].slice(-ENDS);
  }

  /** Seconds until there is room for so many more edits; null if there is. */
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

  /** Mean time between recent ends, the time since the last one counted where it is longer already. */
  #gapMs(now: number): number | null {
    const recent = this.#ends.filter((at) => now - at <= RECENT_MS);
    const [first, last] = [recent[0], recent.at(-1)];
    if (first === undefined || last === undefined || recent.length < 2) return null;
    return Math.max((last - first) / (recent.length - 1), now - last, 1);
  }
}
