import type { Id } from "../../../../shared/ids.ts";
import type { Scope } from "../../../../shared/scopes.ts";
import type { KeyLimit, Quota } from "./limits.ts";

export interface NewKey {
  readonly id: Id<"key">;
  readonly name: string;
  readonly secretSha256: string;
  readonly scopes: readonly Scope[];
  /** Requests and edits per minute. */
  readonly limits: { readonly requests: number; readonly edits: number };
}

export interface KeyRow extends Omit<NewKey, "secretSha256"> {
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** A key as its holder sends it, and what the request needs of it. */
export interface Credential {
  readonly id: Id<"key">;
  readonly secretSha256: string;
  /** Null: any key has it. */
  readonly scope: Scope | null;
  /** The limits that the request counts against: the key's, and the account's of the same names. */
  readonly limits: readonly KeyLimit[];
}

/** The holder of a key as known to its account, and what is left of the limits that the request counted against. */
export interface Authenticated {
  readonly key: KeyRow;
  readonly quotas: readonly Quota[];
}

export interface NewCredits {
  /** Negative if credits are taken back. */
  readonly amount: number;
  readonly reason: string;
  readonly reference: string;
  /** The payer's Stripe customer id; the first one becomes the account's customer. */
  readonly customer?: string | null;
}

/** A payment that is returned to the payer, in part or in full. */
export interface Reversal {
  /** Reference of the payment. */
  readonly payment: string;
  /** Id of the refund or the dispute. */
  readonly id: string;
  /** Fraction of the payment that this reversal covers so far, from 0 to 1. */
  readonly share: number;
  readonly reason: string;
  /** When this was reported, Unix milliseconds. */
  readonly reportedAt: number;
}

export interface Balance {
  readonly id: Id<"acct">;
  readonly name: string;
  /** Credits that may be spent: what came in minus captures and holds. Below zero if spent credits were refunded. */
  readonly balance: number;
  readonly held: number;
}

/** A token in use, and how often it may be used. Times are Unix milliseconds. */
export interface TokenUse {
  readonly id: string;
  /** Null: no limit on uses until it expires. */
  readonly max: number | null;
  readonly expiresAt: number;
  /** If no use is left, the answer is the latest edit made with the token, as if this request had made it. */
  readonly joins?: boolean;
}
