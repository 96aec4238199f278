/** What is counted for a key or token: every request, and every edit it asks for. */
export type KeyLimit = "requests" | "edits";

/** The same for all keys and tokens of an account together. */
export type LimitName = KeyLimit | `account-${KeyLimit}`;

/** The window of every limit, in seconds. */
export const WINDOW_SECONDS = 60;

/** What is left of one limit after a request was counted. */
export interface Quota {
  readonly name: LimitName;
  /** Requests per window. */
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly allowed: boolean;
}

/** Edits that count against the limit of the key or token that asks for them. */
export interface OwnEdits {
  /** A key's id, or a token's. */
  readonly who: string;
  /** Edits per minute. */
  readonly limit: number;
  readonly edits: number;
}
