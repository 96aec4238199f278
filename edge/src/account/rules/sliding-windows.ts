/** Counts of one key in the current window and the one before. */
interface Counts {
  window: number;
  current: number;
  previous: number;
}

/** Maximum number of keys kept; above it, keys whose windows are over are dropped. */
const KEYS_MAX = 10_000;

/**
 * Sliding windows approximated by two fixed ones: the previous window counts by the share of it that the sliding window
 * still covers. Constant memory per key.
 */
export class SlidingWindows {
  readonly #ms: number;
  readonly #counts = new Map<string, Counts>();

  /** @param ms length of a window */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /**
   * Counts `count` more if they fit within the limit.
   * @returns the total with them: if above `limit`, they were refused and nothing was counted
   */
  take(key: string, limit: number, count: number, now: number): number {
    const counts = this.#of(key, now);
    const share = 1 - (now % this.#ms) / this.#ms;
    const used = counts.previous * share + counts.current + count;
    if (used <= limit) counts.current = Math.max(0, counts.current + count);
    return used;
  }

  /** Takes one count back from the window in which it was counted at `at`, unless that one is over for good. */
  giveBack(key: string, at: number, now: number): void {
    const counts = this.#of(key, now);
    const windowsAgo = counts.window - Math.floor(at / this.#ms);
    if (windowsAgo === 0) counts.current = Math.max(0, counts.current - 1);
    if (windowsAgo === 1) counts.previous = Math.max(0, counts.previous - 1);
  }

  /** Whole seconds until the current window is over, at least 1. */
  resetSeconds(now: number): number {
    return Math.max(1, Math.ceil((this.#ms - (now % this.#ms)) / 1000));
  }

  #of(key: string, now: number): Counts {
    const window = Math.floor(now / this.#ms);
    const known = this.#counts.get(key);
    if (known === undefined) {
      if (this.#counts.size >= KEYS_MAX) this.#forget(window);
      const counts = { window, current: 0, previous: 0 };
      this.#counts.set(key, counts);
      return counts;
    }
    if (known.window !== window) {
      known.previous = known.window === window - 1 ? known.current : 0;
      known.current = 0;
      known.window = window;
    }
    return known;
  }

  #forget(window: number): void {
    for (const [key, counts] of this.#counts) if (counts.window < window - 1) this.#counts.delete(key);
    const [first] = this.#counts.keys();
    if (this.#counts.size >= KEYS_MAX && first !== undefined) this.#counts.delete(first);
  }
}
