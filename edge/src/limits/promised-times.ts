/** Return times for refused callers: one after another, since each place that becomes free can be taken once. */
export interface Coming {
  /** Time until the next place becomes free, then between two, in milliseconds. */
  readonly firstMs: number;
  readonly gapMs: number;
  /** Nothing later is promised: by then everything that fills the places now is over. */
  readonly maxMs: number;
}

/** Times promised to refused callers. Lost with the isolate, and then it starts again. */
export class PromisedTimes {
  #last = Number.NEGATIVE_INFINITY;

  /** @returns whole seconds for `Retry-After`, at least 1 */
  next({ firstMs, gapMs, maxMs }: Coming, now = Date.now()): number {
    const at = Math.max(now + firstMs, this.#last + gapMs);
    this.#last = Math.min(at, now + maxMs);
    // the line is longer than can be predicted: its end must not return all at once
    const wait = at > this.#last ? maxMs * (0.5 + Math.random() / 2) : this.#last - now;
    return Math.max(1, Math.ceil(wait / 1000));
  }
}
