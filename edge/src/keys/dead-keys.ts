/** Maximum number of names kept; above it all are forgotten, and looked up again when they come. */
const NAMES_MAX = 10_000;

/**
 * Keys that are revoked or never existed. Neither changes any more, so their account need not be asked again: whoever
 * repeats such a request does not reach it. Kept by each isolate.
 */
export class DeadKeys {
  readonly #names = new Set<string>();

  has(name: string): boolean {
    return this.#names.has(name);
  }

  add(name: string): void {
    if (this.#names.size >= NAMES_MAX) this.#names.clear();
    this.#names.add(name);
  }
}
