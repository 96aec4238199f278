import type { Id } from "../../../shared/ids.ts";
import type { BacklogStore, Share } from "./backlog.ts";

/** What an account says of its unfinished edits. */
export interface Said extends Share {
  readonly account: Id<"acct">;
  readonly msPerCredit: number | null;
}

/** A write that fails is tried again after a second, so often; then the next change writes, or the share lapses. */
const TRIES = 3;
const PAUSE_MS = 1_000;

/** A line is published once a second; an account whose edits all run has none until they take longer than this. */
const QUIET_MS = 10_000;

/**
 * Keeps an account's entry in the backlog as its tables are, with few commands: an edit that finds a free GPU and is over
 * soon never shows. One write at a time, so that none overtakes a later one.
 */
export class PublishedShare {
  readonly #store: () => BacklogStore | null;
  readonly #said: () => Said;
  /** Whether as many edits are in the queue as may be, so that others wait behind them. */
  readonly #lined: () => boolean;
  #stale = false;
  #writing = false;
  #published = 0;

  /** @param said reads the tables, as late as possible */
  constructor(store: () => BacklogStore | null, said: () => Said, lined: () => boolean) {
    this.#store = store;
    this.#said = said;
    this.#lined = lined;
  }

  /** Writes before long what is true then; what changes meanwhile is written as well. */
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

  /** Whether it is written, or there is nothing new or nowhere to write. */
  async #write(): Promise<boolean> {
    const store = this.#store();
    const { account, msPerCredit, ...share } = this.#said();
    if (store === null || (share.credits === 0 && this.#published === 0)) return true;
    if (!(await store.write(account, share, msPerCredit))) return false;
    this.#published = share.credits;
    return true;
  }
}
