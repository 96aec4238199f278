/** Maximum number of waiting requests per account; more are refused at once. */
const WAITING_MAX = 20;

/** Maximum time that one request is assumed to hold the turn: its worker may have died. */
const BELIEVED_MS = 90_000;

/**
 * Turns at locating masks, in memory: an account has one mask located at a time, and then leaves the GPU to others for
 * as long as that took. No matter how many masks it asks for, edits still get the GPU.
 */
export class MaskTurns {
  readonly #waiting: (() => void)[] = [];
  /** When the holder of the turn is assumed dead; null if the turn is free. */
  #takenUntil: number | null = null;
  #freeFrom = 0;

  /** Waits for a turn, up to `ms`. False: there was none. */
  async take(ms: number): Promise<boolean> {
    const until = Date.now() + ms;
    for (let waited = false; ; waited = true) {
      const now = Date.now();
      if (this.#takenUntil !== null && now >= this.#takenUntil) this.#takenUntil = null;
      const wait = this.#takenUntil === null ? this.#freeFrom - now : ms;
      if (wait <= 0) {
        this.#takenUntil = now + BELIEVED_MS;
        return true;
      }
      if (now >= until || (!waited && this.#waiting.length >= WAITING_MAX)) return false;
      await this.#next(Math.min(wait, until - now));
    }
  }

  /** Gives the turn back. @param tookMs how long the GPU was busy with it */
  release(tookMs: number): void {
    this.#takenUntil = null;
    this.#freeFrom = Date.now() + Math.min(tookMs, BELIEVED_MS);
    this.#waiting.shift()?.();
  }

  async #next(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const timer = setTimeout(resolve, ms);
    await promise.finally(() => clearTimeout(timer));
    const place = this.#waiting.indexOf(resolve);
    if (place >= 0) this.#waiting.splice(place, 1);
  }
}
