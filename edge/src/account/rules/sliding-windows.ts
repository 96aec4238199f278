/** Counts of one key in the window under way and in the one before it. */
interface Counts {
  window: number;
  current: number;
  previous: number;
}

/** Keys that are remembered; beyond, those of windows that are over are forgotten. */
const KEYS_MAX = 10_000;

/**
 * Sliding windows over two fixed ones: what came in the window before counts by the share of it that the sliding window
 * still covers. Constant memory for each key.
 */
export class SlidingWindows {
  readonly #ms: number;
  readonly #counts = new Map<string, Counts>();

  /** @param ms length of a window */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /**
   * Counts so many more if they fit below the limit.
   * @returns what would be used with them: above `limit` they were refused, and nothing was counted
   */
  take(key: string, limit: number, count: number, now: number): number {
    const counts = this.#of(key, now);
    const share = 1 - (now % this.#ms) / this.#ms;
    const used = counts.previous * share + counts.current + count;
    if (used <= limit) counts.current = Math.max(0, counts.current + count);
    return used;
  }

  /** Whole seconds until the window under way is over, at least 1. */
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
