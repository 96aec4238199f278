/** Time between two checks for expired content, unless a full batch was erased. */
const EXPIRE_PAUSE_MS = 5_000;

interface AlarmContext {
  readonly storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">;
  /** When the oldest edit and the oldest image expire; null if there is none. */
  expiries(): readonly (number | null)[];
  /** When anything else except edits is due. */
  others(now: number): readonly (number | null)[];
  keepAlive(work: Promise<unknown>): void;
}

/** The object's only alarm: it fires at the earliest due time. Times are Unix milliseconds. */
export class Alarm {
  readonly #context: AlarmContext;
  /** When the first open edit must be checked: never later, sometimes earlier. */
  #editsDueAt = Number.POSITIVE_INFINITY;
  /** Expired content that may not be erased yet is checked again from this time. */
  #expireFrom = 0;
  /** When it fires: never later than the first due time, sometimes earlier. */
  #at: number | null = null;

  constructor(context: AlarmContext) {
    this.#context = context;
  }

  /** Called after the object starts. @param open whether there are open edits */
  async restore(open: () => boolean): Promise<void> {
    this.#at = await this.#context.storage.getAlarm();
    if (this.#at === null && open()) this.#editsDueAt = Date.now();
    this.set();
  }

  /** An edit must be checked by this time. */
  editDue(at: number): void {
    this.#editsDueAt = Math.min(this.#editsDueAt, at);
  }

  /** The alarm fires. The next one is set when this one ends: what it postpones first is due now. */
  begin(): void {
    this.#at = Number.NEGATIVE_INFINITY;
    this.#editsDueAt = Number.POSITIVE_INFINITY;
  }

  /** The alarm has ended. @param more whether there is more to erase than was erased */
  end(more: boolean): void {
    this.#at = null;
    if (!more) this.#expireFrom = Date.now() + EXPIRE_PAUSE_MS;
    this.set();
  }

  /** Sets the alarm for the earliest due time, unless it already fires before that. */
  set(): void {
    const now = Date.now();
    const { storage, expiries, others, keepAlive } = this.#context;
    const expiry = expiries().map((at) => at && Math.max(at, this.#expireFrom));
    const times = [...others(now), ...expiry];
    const at = Math.min(this.#editsDueAt, ...times.map((time) => time ?? Number.POSITIVE_INFINITY));
    if (at === Number.POSITIVE_INFINITY || (this.#at !== null && this.#at <= at)) return;
    // an alarm set in the past, from inside an alarm, may not fire
    this.#at = Math.max(at, now + 1);
    // part of the same write as the transaction before: the output gate waits for both
    keepAlive(storage.setAlarm(this.#at));
  }
}
