/** A place for one run in a container, and when the run is expected to end (Unix milliseconds). */
interface Place {
  readonly endsAt: number;
}

/** Containers that each make one run at a time, as the GPU function does; cold until `readyAt`. */
export class Containers {
  readonly #places = new Set<Place>();
  readonly #count: number;
  readonly readyAt: number;

  constructor(count: number, readyAt: number) {
    this.#count = count;
    this.readyAt = readyAt;
  }

  get busy(): boolean {
    return this.#places.size >= this.#count;
  }

  /** Takes a place for a run of so many milliseconds. @returns a function that frees it, or null if none is free */
  take(ms: number): (() => void) | null {
    if (this.busy) return null;
    const place = { endsAt: Math.max(Date.now(), this.readyAt) + ms };
    this.#places.add(place);
    return () => void this.#places.delete(place);
  }

  /** Whole seconds until a place is expected to be free, at least 1. */
  retryAfterSeconds(): number {
    const first = Math.min(...[...this.#places].map(({ endsAt }) => endsAt));
    return Math.max(1, Math.ceil((first - Date.now()) / 1000));
  }
}
