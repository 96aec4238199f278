/** A timer this much late did not wait for its turn: the machine itself stood still, as a virtual one may. */
const STILL_MS = 20_000;
const TICK_MS = 1_000;

/** Detects when the machine stands still: what a story waited for meanwhile says nothing about the parts. */
export class Stillness {
  #last = Date.now();
  #stood: { readonly until: number; readonly ms: number } | null = null;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => {
      const now = Date.now();
      if (now - this.#last > STILL_MS) this.#stood = { until: now, ms: now - this.#last };
      this.#last = now;
    }, TICK_MS);
  }

  /** How long the machine stood still at a time after `since`, in milliseconds; 0 if it did not. */
  after(since: number): number {
    return this.#stood !== null && this.#stood.until > since ? this.#stood.ms : 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
