/** Callers that wait for edits to become final, in memory: a waiting call keeps the object alive. */
export class Waiters {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Waits until `notify` is called for the edit, or `ms` are over. */
  wait(id: string, ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiting.add(resolve));
    const timer = setTimeout(() => {
      waiting.delete(resolve);
      if (waiting.size === 0) this.#waiting.delete(id);
      resolve();
    }, ms);
    return promise.finally(() => clearTimeout(timer));
  }

  notify(id: string): void {
    for (const resolve of this.#waiting.get(id) ?? []) resolve();
    this.#waiting.delete(id);
  }
}
