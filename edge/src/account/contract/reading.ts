import type { EditStatus } from "../../../../shared/edit.ts";
import type { UsageDay } from "../../../../shared/usage.ts";
import type { EditRow } from "./edits.ts";
import type { CachedMask, Locating, MaskOrder, MaskTurn } from "./images.ts";

/** Where a page of edits ends: the next one begins below. Edits of one millisecond are in order of their rows. */
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
 * The latest thing of its kind that happened to an edit. Ids grow by one with everything that happens to it.
 * `queued` has the place among the account's edits that wait; `final` means: it ended as its status says.
 */
export type Happening = { readonly id: number } & (
  | { readonly kind: "queued"; readonly position: number }
  | { readonly kind: "started" | "progress" | "final" }
);

/** An edit as it is, and what happened to it since. */
export interface EditNews {
  readonly edit: EditRow;
  readonly happenings: readonly Happening[];
}

/** What the worker asks an account that changes nothing a client owns. */
export interface ReadingRpc {
  listEdits(query: EditQuery): Promise<EditPage>;
  /**
   * What happened to an edit after the happening with id `after`: at once where there is something, else as soon as
   * there is, or nothing after `ms`. An `after` from the future counts as none.
   * Null if the edit is unknown; "crowded" if too many wait with this key or token already.
   * @param who a key's id, or `token:` and a token's
   */
  editNews(id: EditRow["id"], who: string, after: number, ms: number): Promise<EditNews | "crowded" | null>;
  /** Of those who need one mask at the same time one begins; the others wait for it, up to `ms`. */
  beginLocating(cacheKey: string, ms: number): Promise<Locating>;
  /** Gives those who wait what came of it: the mask, or null. */
  endLocating(cacheKey: string, mask: CachedMask | null): Promise<void>;
  /**
   * Waits for the account's turn at locating a mask, up to `ms`: one at a time. It costs nothing, but asks for a balance
   * above 0, and counts among the edits of its key or token and of the account.
   */
  takeMaskTurn(order: MaskOrder, ms: number): Promise<MaskTurn>;
  /** @param gpuMs how long it took: that long the account leaves the GPU to others, and its usage counts it */
  endMaskTurn(gpuMs: number): Promise<void>;
  /** Days with usage from one to another (inclusive, `YYYY-MM-DD` in UTC), oldest first. */
  usage(from: string, to: string): Promise<UsageDay[]>;
}
