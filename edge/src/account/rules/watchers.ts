import type { Id } from "../../../../shared/ids.ts";
import type { EditNews } from "../contract/reading.ts";

/** Most who wait for news of one account's edits at a time: each holds a request open. */
const WATCHERS_MAX = 100;

interface Watcher {
  readonly edit: Id<"edit">;
  readonly after: number;
  readonly resolve: (news: EditNews | null) => void;
}

/** Those who wait for news of an edit, in memory: who waits keeps the object alive. */
export class Watchers {
  readonly #read: (edit: Id<"edit">, after: number) => EditNews | null;
  readonly #watching = new Set<Watcher>();

  /** @param read what happened to an edit after an id; null where it is gone */
  constructor(read: (edit: Id<"edit">, after: number) => EditNews | null) {
    this.#read = read;
  }

  get full(): boolean {
    return this.#watching.size >= WATCHERS_MAX;
  }

  /** Until `tell` finds news for the watcher, or `ms` are over. */
  watch(edit: Id<"edit">, after: number, ms: number): Promise<EditNews | null> {
    const { promise, resolve } = Promise.withResolvers<EditNews | null>();
    const watcher: Watcher = { edit, after, resolve };
    this.#watching.add(watcher);
    const timer = setTimeout(() => resolve(this.#read(edit, after)), ms);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#watching.delete(watcher);
    });
  }

  /** Something happened to an edit, or (null) to the order in which all of them wait. News are read at once. */
  tell(edit: Id<"edit"> | null): void {
    for (const watcher of this.#watching) {
      if (edit !== null && watcher.edit !== edit) continue;
      const news = this.#read(watcher.edit, watcher.after);
      if (news === null || news.happenings.length > 0) watcher.resolve(news);
    }
  }
}
