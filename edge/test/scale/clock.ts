const RealDate = globalThis.Date;

/** A clock that stands still until it is moved: it takes the place of `Date` for all that runs here. */
export class Clock {
  #now = RealDate.UTC(2026, 10, 28);

  constructor() {
    const now = () => this.#now;
    globalThis.Date = new Proxy(RealDate, {
      construct: (real, given, target) =>
        Reflect.construct(real, given.length === 0 ? [now()] : given, target),
      get: (real, name) => (name === "now" ? now : Reflect.get(real, name)),
    });
  }

  get now(): number {
    return this.#now;
  }

  /** Never back. */
  moveTo(at: number): void {
    this.#now = Math.max(this.#now, at);
  }
}

interface Event {
  readonly at: number;
  readonly run: () => Promise<void> | void;
}

/** Lets what is under way in the runtime itself (an answer to a fetch) get on. */
export const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** What is to happen, the earliest first: a binary heap. Of one time, in the order in which it was planned. */
export class Agenda {
  readonly #heap: (Event & { readonly order: number })[] = [];
  #order = 0;

  /** Waits of the product's code (`scheduler.wait`) become events. */
  ownScheduler(clock: Clock): void {
    const wait = (ms: number) =>
      new Promise<void>((resolve) => {
        this.plan(clock.now + ms, () => {
          resolve();
          return tick();
        });
      });
    Object.defineProperty(globalThis, "scheduler", { value: { wait }, configurable: true });
  }

  plan(at: number, run: Event["run"]): void {
    const heap = this.#heap;
    heap.push({ at, run, order: this.#order++ });
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#before(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  next(): Event | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let parent = 0; ; ) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2])
        if (child < heap.length && this.#before(child, least)) least = child;
      if (least === parent) return first;
      this.#swap(least, parent);
      parent = least;
    }
  }

  #before(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) return false;
    return left.at < right.at || (left.at === right.at && left.order < right.order);
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left !== undefined && right !== undefined) [this.#heap[a], this.#heap[b]] = [right, left];
  }
}
