/** When refused callers may come back: one after the other, since each place that falls free can be taken once. */
export interface Coming {
  /** Until the next place falls free, then between two, in milliseconds. */
  readonly firstMs: number;
  readonly gapMs: number;
  /** Nothing beyond is promised: all that fills the places now is over then. */
  readonly maxMs: number;
}

/** Times promised to those who were refused. It forgets with its isolate, and then begins anew. */
export class PromisedTimes {
  #last = Number.NEGATIVE_INFINITY;

  /** @returns whole seconds for `Retry-After`, at least 1 */
  next({ firstMs, gapMs, maxMs }: Coming, now = Date.now()): number {
    const at = Math.max(now + firstMs, this.#last + gapMs);
    this.#last = Math.min(at, now + maxMs);
    // a line longer than can be known: its end must not come back all at once
    const wait = at > this.#last ? maxMs * (0.5 + Math.random() / 2) : this.#last - now;
    return Math.max(1, Math.ceil(wait / 1000));
  }
}
