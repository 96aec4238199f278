import type { CachedMask, Locating } from "../contract/images.ts";

/** Maximum time that one request is assumed to be locating a mask: its worker may have died. */
const BELIEVED_MS = 90_000;

interface Entry {
  readonly since: number;
  readonly ended: Promise<CachedMask | null>;
  end(mask: CachedMask | null): void;
}

/**
 * The masks that requests of one account are locating now, in memory: of the concurrent requests for a mask, one has it
 * located and the others get its result.
 */
export class LocatingMasks {
  readonly #entries = new Map<string, Entry>();

  /** Claims a mask, or waits up to `ms` for the request that has claimed it. */
  async begin(cacheKey: string, ms: number, now = Date.now()): Promise<Locating> {
    const entry = this.#entries.get(cacheKey);
    if (entry === undefined || now - entry.since >= BELIEVED_MS) {
      const { promise, resolve } = Promise.withResolvers<CachedMask | null>();
      this.#entries.set(cacheKey, { since: now, ended: promise, end: resolve });
      return { state: "begin" };
    }
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(resolve, ms, null);
    const mask = await Promise.race([entry.ended, late]).finally(() => clearTimeout(timer));
    return mask === null ? { state: "over" } : { state: "found", mask };
  }

  /** Gives the mask, or null if there is none, to all waiting requests. */
  end(cacheKey: string, mask: CachedMask | null): void {
    this.#entries.get(cacheKey)?.end(mask);
    this.#entries.delete(cacheKey);
  }
}
