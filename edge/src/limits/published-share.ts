import type { Id } from "../../../shared/ids.ts";
import type { BacklogStore, Share } from "./backlog.ts";

/** What an account publishes about its unfinished edits. */
export interface Said extends Share {
  readonly account: Id<"acct">;
  readonly msPerCredit: number | null;
}

/** A failed write is retried after a second, this many times; then the next change writes, or the share lapses. */
const TRIES = 3;
const PAUSE_MS = 1_000;

/** Changes are published at most once a second; if all edits run, nothing is published until they exceed this time. */
const QUIET_MS = 10_000;

/**
 * Keeps an account's entry in the backlog equal to its tables, with few commands: an edit that finds a free GPU and
 * ends soon is never published. One write at a time, so that none overtakes a later one.
 */
export class PublishedShare {
  readonly #store: () => BacklogStore | null;
  readonly #said: () => Said;
  /** Whether the queue holds as many edits as it may, so that others wait behind them. */
  readonly #lined: () => boolean;
  #stale = false;
  #writing = false;
  /** What may stand in the backlog: a write without an answer may have arrived. */
  #published = 0;

  /** @param said reads the tables, as late as possible */
  constructor(store: () => BacklogStore | null, said: () => Said, lined: () => boolean) {
    this.#store = store;
    this.#said = said;
    this.#lined = lined;
  }

  /** Writes the then current state soon; further changes are written as well. */
  async publish(): Promise<void> {
    this.#stale = true;
    if (this.#writing) return;
    this.#writing = true;
    try {
      while (this.#stale) {
        // counted in pauses: a clock that is set back must not keep the object alive
        for (let waited = 0; waited < QUIET_MS; waited += PAUSE_MS) {
          await scheduler.wait(PAUSE_MS);
          if (this.#lined() || (this.#published > 0 && this.#said().credits === 0)) break;
        }
        this.#stale = false;
        for (let tried = 1; !(await this.#write()) && tried < TRIES; tried++) await scheduler.wait(PAUSE_MS);
      }
    } finally {
      this.#writing = false;
    }
  }

  /** Whether it was written, or there is nothing new or nowhere to write. */
  async #write(): Promise<boolean> {
    const store = this.#store();
    const { account, msPerCredit, ...share } = this.#said();
    if (store === null || (share.credits === 0 && this.#published === 0)) return true;
    this.#published = Math.max(this.#published, share.credits);
    if (!(await store.write(account, share, msPerCredit))) return false;
    this.#published = share.credits;
    return true;
  }
}
