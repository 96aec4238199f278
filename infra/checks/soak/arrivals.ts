import { setTimeout as sleep } from "node:timers/promises";

/**
 * Calls at random times (a Poisson process), whether or not earlier ones are answered: a generator that waits for
 * answers slows down with the system, and hides that it is slow.
 */
export class Arrivals {
  readonly #over = new AbortController();
  readonly #running: Promise<void>[] = [];
  readonly #unanswered = new Set<Promise<void>>();

  /** Calls `arrive` at `rate()` a second, asked anew at least once a second, until `stop`. It must not throw or reject. */
  start(rate: () => number, arrive: () => void | Promise<void>): void {
    this.#running.push(this.#run(rate, arrive));
  }

  /** Resolves once nothing arrives any more and all that arrived was answered: a mask waits ten seconds for a free GPU. */
  async stop(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#running);
    await Promise.all(this.#unanswered);
  }

  async #run(rate: () => number, arrive: () => void | Promise<void>): Promise<void> {
    const { signal } = this.#over;
    let due = performance.now();
    while (!signal.aborted) {
      // waiting longer than a second is waiting a second and then anew: the process has no memory
      const gap = -Math.log(1 - Math.random()) / rate();
      due += Math.min(gap, 1) * 1000;
      await pause(due - performance.now(), signal);
      if (gap <= 1 && !signal.aborted) this.#arrive(arrive);
    }
  }

  #arrive(arrive: () => void | Promise<void>): void {
    const answered = Promise.resolve(arrive()).finally(() => this.#unanswered.delete(answered));
    this.#unanswered.add(answered);
  }
}

/** Waits for this long, or until the signal; never throws. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, signal && { signal }).catch(() => undefined);
}
