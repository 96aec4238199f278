import type { Id } from "../../../../shared/ids.ts";
import type { EditNews } from "../contract/reading.ts";

/**
 * Maximum number of open requests that wait for news: of one edit with one key or token, of all edits with it, and of
 * all tokens of an account together. Tokens never use up what keys need.
 */
const MAX = { edit: 20, who: 100, tokens: 1_000 } as const;

interface Watcher {
  readonly edit: Id<"edit">;
  readonly who: string;
  readonly after: number;
  readonly resolve: (news: EditNews | null) => void;
}

/** Callers that wait for news of an edit, in memory: a waiting call keeps the object alive. */
export class Watchers {
  readonly #read: (edit: Id<"edit">, after: number) => EditNews | null;
  readonly #watching = new Set<Watcher>();

  /** @param read the events of an edit after an id; null if it is gone */
  constructor(read: (edit: Id<"edit">, after: number) => EditNews | null) {
    this.#read = read;
  }

  /** @param who a key's id, or `token:` and a token's */
  full(edit: Id<"edit">, who: string): boolean {
    let [ofEdit, own, tokens] = [0, 0, 0];
    for (const watcher of this.#watching) {
      if (watcher.who.startsWith("token:")) tokens++;
      if (watcher.who !== who) continue;
      own++;
      if (watcher.edit === edit) ofEdit++;
    }
    return ofEdit >= MAX.edit || own >= MAX.who || (who.startsWith("token:") && tokens >= MAX.tokens);
  }

  /** Waits until `notify` finds news for the watcher, or `ms` are over. */
  watch(edit: Id<"edit">, who: string, after: number, ms: number): Promise<EditNews | null> {
    const { promise, resolve } = Promise.withResolvers<EditNews | null>();
    const watcher: Watcher = { edit, who, after, resolve };
    this.#watching.add(watcher);
    const timer = setTimeout(() => resolve(this.#read(edit, after)), ms);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#watching.delete(watcher);
    });
  }

  /** An edit has news, or (null) the order of all waiting edits changed. News is read at once. */
  notify(edit: Id<"edit"> | null): void {
    for (const watcher of this.#watching) {
      if (edit !== null && watcher.edit !== edit) continue;
      const news = this.#read(watcher.edit, watcher.after);
      if (news === null || news.happenings.length > 0) watcher.resolve(news);
    }
  }
}
