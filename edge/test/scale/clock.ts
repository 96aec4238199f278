const RealDate = globalThis.Date;
const realTimeout = globalThis.setTimeout;

/** A clock that stands still until it is moved: it replaces `Date` for everything that runs here. */
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

  /** Moves forward only. */
  moveTo(at: number): void {
    this.#now = Math.max(this.#now, at);
  }
}

/** Lets work inside the runtime itself (signatures, answers to a fetch) proceed. */
export const tick = () => new Promise<void>((resolve) => realTimeout(resolve, 0));
