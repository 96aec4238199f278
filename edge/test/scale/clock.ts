const RealDate = globalThis.Date;
const realTimeout = globalThis.setTimeout;

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

/** Lets what is under way in the runtime itself (signatures, answers to a fetch) get on. */
export const tick = () => new Promise<void>((resolve) => realTimeout(resolve, 0));
