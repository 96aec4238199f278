import type { EditStatus } from "../../../../shared/edit.ts";
import type { UsageDay } from "../../../../shared/usage.ts";
import type { EditRow } from "./edits.ts";
import type { CachedMask, Locating, MaskOrder, MaskTurn } from "./images.ts";

/** Where a page of edits ends; the next page starts below it. Edits of the same millisecond are ordered by row. */
export interface EditPosition {
  readonly createdAt: number;
  readonly row: number;
}

export interface EditQuery {
  readonly limit: number;
  readonly below: EditPosition | null;
  readonly status: EditStatus | null;
}

export interface EditPage {
  /** Newest first. */
  readonly edits: readonly EditRow[];
  /** Null on the last page. */
  readonly next: EditPosition | null;
}

/**
 * The latest event of its kind for an edit. Event ids increase with every event of the edit. `queued` carries the
 * edit's place among the account's waiting edits; `final` means that it ended with its status.
 */
export type Happening = { readonly id: number } & (
  | { readonly kind: "queued"; readonly position: number }
  | { readonly kind: "started" | "progress" | "final" }
);

/** An edit as it is now, and its events since a given id. */
export interface EditNews {
  readonly edit: EditRow;
  readonly happenings: readonly Happening[];
}

/** Reads: calls of the worker that change nothing a client owns. */
export interface ReadingRpc {
  listEdits(query: EditQuery): Promise<EditPage>;
  /**
   * The events of an edit after the event with id `after`: at once if there are any, otherwise as soon as one occurs,
   * or nothing after `ms`. An `after` from the future counts as none. Null if the edit is unknown; "crowded" if too
   * many callers already wait with this key or token.
   * @param who a key's id, or `token:` and a token's
   */
  editNews(id: EditRow["id"], who: string, after: number, ms: number): Promise<EditNews | "crowded" | null>;
  /** Of the callers that need the same mask at the same time, one starts; the others wait for it, up to `ms`. */
  beginLocating(cacheKey: string, ms: number): Promise<Locating>;
  /** Gives the waiting callers the outcome: the mask, or null. */
  endLocating(cacheKey: string, mask: CachedMask | null): Promise<void>;
  /**
   * Waits up to `ms` for the account's turn to locate a mask; it locates one at a time. Locating is free, but requires
   * a balance above 0, and it counts against the edit limits of the key or token and of the account.
   */
  takeMaskTurn(order: MaskOrder, ms: number): Promise<MaskTurn>;
  /** @param gpuMs GPU time: the account leaves the GPU to others for as long, and its usage counts it */
  endMaskTurn(gpuMs: number): Promise<void>;
  /** Days with usage in a range (inclusive, `YYYY-MM-DD` in UTC), oldest first. */
  usage(from: string, to: string): Promise<UsageDay[]>;
}
