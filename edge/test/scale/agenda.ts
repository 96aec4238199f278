import { type Clock, tick } from "./clock.ts";

interface Event {
  readonly at: number;
  readonly run: () => Promise<void> | void;
  canceled: boolean;
}

/** Planned events, earliest first: a binary heap. Events of equal time keep the order in which they were planned. */
export class Agenda {
  readonly #heap: (Event & { readonly order: number })[] = [];
  #order = 0;

  /** Turns waits and timers of the product's code into events. */
  ownTimers(clock: Clock): void {
    const wait = (ms: number) => new Promise<void>((resolve) => this.plan(clock.now + ms, resolve));
    const setTimer = (run: () => void, ms = 0) => this.plan(clock.now + ms, run);
    const clear = (event?: Event) => {
      if (event !== undefined) event.canceled = true;
    };
    const setInterval = (run: () => void, ms: number) => {
      const timer = { canceled: false };
      const again = () => {
        if (timer.canceled) return;
        run();
        this.plan(clock.now + ms, again);
      };
      this.plan(clock.now + ms, again);
      return timer;
    };
    const timers = {
      scheduler: { wait },
      setTimeout: setTimer,
      clearTimeout: clear,
      setInterval,
      clearInterval: clear,
    };
    for (const [name, value] of Object.entries(timers))
      Object.defineProperty(globalThis, name, { value, configurable: true });
  }

  plan(at: number, run: Event["run"]): Event {
    const heap = this.#heap;
    const event = { at, run, canceled: false, order: this.#order++ };
    heap.push(event);
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#before(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
    return event;
  }

  /** The next event that is still planned. */
  next(): Event | undefined {
    let event = this.#take();
    while (event?.canceled) event = this.#take();
    return event;
  }

  #take(): Event | undefined {
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

/** Turns of the runtime after which an event has no work left in progress: signatures take the most. */
const TURNS = 4;

export async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await tick();
}
