/** Between two looks at what has expired, unless a full batch of it was erased. */
const EXPIRE_PAUSE_MS = 5_000;

interface AlarmContext {
  readonly storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">;
  /** When the oldest edit and the oldest image expire; null for none. */
  expiries(): readonly (number | null)[];
  /** When anything else is due, edits apart. */
  others(now: number): readonly (number | null)[];
  keepAlive(work: Promise<unknown>): void;
}

/** The object's one alarm: it rings for the first of all that is due. Times are Unix milliseconds. */
export class Alarm {
  readonly #context: AlarmContext;
  /** When the first open edit is to be looked at: never later, but sometimes earlier. */
  #editsDueAt = Number.POSITIVE_INFINITY;
  /** What has expired and may not be erased yet is looked at again from this time. */
  #expireFrom = 0;
  /** When it rings: never later than the first due time, but sometimes earlier. */
  #at: number | null = null;

  constructor(context: AlarmContext) {
    this.#context = context;
  }

  /** After a start of the object. @param open whether there are open edits */
  async restore(open: () => boolean): Promise<void> {
    this.#at = await this.#context.storage.getAlarm();
    if (this.#at === null && open()) this.#editsDueAt = Date.now();
    this.set();
  }

  /** An edit is to be looked at by this time. */
  editDue(at: number): void {
    this.#editsDueAt = Math.min(this.#editsDueAt, at);
  }

  /** It rings. The next one is set when this one is over: what it puts off first is due now. */
  begin(): void {
    this.#at = Number.NEGATIVE_INFINITY;
    this.#editsDueAt = Number.POSITIVE_INFINITY;
  }

  /** It has rung. @param more whether there is more to erase than was */
  end(more: boolean): void {
    this.#at = null;
    if (!more) this.#expireFrom = Date.now() + EXPIRE_PAUSE_MS;
    this.set();
  }

  /** Sets it for what is due first, unless it rings before that. */
  set(): void {
    const now = Date.now();
    const { storage, expiries, others, keepAlive } = this.#context;
    const expiry = expiries().map((at) => at && Math.max(at, this.#expireFrom));
    const times = [...others(now), ...expiry];
    const at = Math.min(this.#editsDueAt, ...times.map((time) => time ?? Number.POSITIVE_INFINITY));
    if (at === Number.POSITIVE_INFINITY || (this.#at !== null && this.#at <= at)) return;
    // an alarm in the past, set inside of an alarm, may not ring
    this.#at = Math.max(at, now + 1);
    // part of the same write as the transaction before: the output gate waits for both
    keepAlive(storage.setAlarm(this.#at));
  }
}
