import type { Id } from "../../../../shared/ids.ts";
import type { Scope } from "../../../../shared/scopes.ts";
import type { Quota } from "./limits.ts";

export interface NewKey {
  readonly id: Id<"key">;
  readonly name: string;
  readonly secretSha256: string;
  readonly scopes: readonly Scope[];
  /** Requests and edits a minute. */
  readonly limits: { readonly requests: number; readonly edits: number };
}

export interface KeyRow extends Omit<NewKey, "secretSha256"> {
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** The holder of a key, as its account knows it, and what is left of the limits that the request counted against. */
export interface Authenticated {
  readonly key: KeyRow;
  readonly quotas: readonly Quota[];
}

export interface NewCredits {
  /** Negative: credits that are taken back. */
  readonly amount: number;
  readonly reason: string;
  readonly reference: string;
  /** Who paid, as Stripe names them; the first one is the account's customer. */
  readonly customer?: string | null;
}

/** A payment that goes back to the payer, in part or whole. */
export interface Reversal {
  /** Reference of the payment. */
  readonly payment: string;
  /** Names the refund or the dispute. */
  readonly id: string;
  /** How much of the payment it is about by now, from 0 to 1. */
  readonly share: number;
  readonly reason: string;
  /** When this was reported, Unix milliseconds. */
  readonly reportedAt: number;
}

export interface Balance {
  readonly id: Id<"acct">;
  readonly name: string;
  /** Credits that may be spent: what came in less captures and holds. Below zero if spent credits were paid back. */
  readonly balance: number;
  readonly held: number;
}

/** A token that acts, and how often it may. Times are Unix milliseconds. */
export interface TokenUse {
  readonly id: string;
  /** Null: as often as its bearer likes until it ends. */
  readonly max: number | null;
  readonly expiresAt: number;
  /** Where no use is left, the latest edit made with the token is the answer, as if this request had made it. */
  readonly joins?: boolean;
}
