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

/** Keeps an account's entry in the backlog as its tables are. One write at a time, so that none overtakes a later one. */
export class PublishedShare {
  readonly #store: () => BacklogStore | null;
  readonly #said: () => Said;
  #stale = false;
  #writing = false;

  /** @param said reads the tables, as late as possible */
  constructor(store: () => BacklogStore | null, said: () => Said) {
    this.#store = store;
    this.#said = said;
  }

  /** Writes what is true now; what changes meanwhile is written as well. */
  async publish(): Promise<void> {
    this.#stale = true;
    if (this.#writing) return;
    this.#writing = true;
    try {
      while (this.#stale) {
        this.#stale = false;
        for (let tried = 1; !(await this.#write()) && tried < TRIES; tried++) await scheduler.wait(PAUSE_MS);
      }
    } finally {
      this.#writing = false;
    }
  }

  /** Whether it is written, or there is nowhere to write. */
  async #write(): Promise<boolean> {
    const store = this.#store();
    const { account, msPerCredit, ...share } = this.#said();
    return store === null || store.write(account, share, msPerCredit);
  }
}
