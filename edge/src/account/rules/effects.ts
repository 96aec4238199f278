import type { Id } from "../../../../shared/ids.ts";
import type { EditListener } from "./edits.ts";

type EditId = Id<"edit">;

/** What a transaction causes outside of the database, to be carried out after it. */
export interface Caused {
  /** Edits that became final. */
  readonly final: readonly EditId[];
  /** Edits whose turn came. */
  readonly called: readonly EditId[];
  /** Edits with news; null stands for every waiting edit. */
  readonly news: readonly (EditId | null)[];
  /** Whether the account's unfinished edits changed. */
  readonly loaded: boolean;
}

/** Collects the effects of one transaction at a time. */
export class Effects implements EditListener {
  readonly due: (at: number) => void;
  #final: EditId[] = [];
  #called: EditId[] = [];
  #news = new Set<EditId | null>();
  #loaded = false;

  /** @param due called at once with the time (Unix milliseconds) at which an edit must be checked */
  constructor(due: (at: number) => void) {
    this.due = due;
  }

  final(id: EditId): void {
    this.#final.push(id);
  }

  called(id: EditId): void {
    this.#called.push(id);
  }

  news(id: EditId | null): void {
    this.#news.add(id);
  }

  load(): void {
    this.#loaded = true;
  }

  /** Runs a transaction and returns its effects. Those of one that fails are dropped. */
  collect<T>(transaction: () => T): { result: T; caused: Caused } {
    this.#final = [];
    this.#called = [];
    this.#news = new Set();
    this.#loaded = false;
    const result = transaction();
    const news = this.#news.has(null) ? [null] : [...this.#news];
    return { result, caused: { final: this.#final, called: this.#called, news, loaded: this.#loaded } };
  }
}
