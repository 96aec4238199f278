/** What is counted of a key or token: every request, and the edits it asks for. */
export type KeyLimit = "requests" | "edits";

/** The same of all of an account's keys and tokens together. */
export type LimitName = KeyLimit | `account-${KeyLimit}`;

/** The window of every limit, in seconds. */
export const WINDOW_SECONDS = 60;

/** What is left of one limit after a request was counted. */
export interface Quota {
  readonly name: LimitName;
  /** Requests a window. */
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly allowed: boolean;
}

/** Edits that count against the limit of the key or token that asks for them. */
export interface OwnEdits {
  /** A key's id, or a token's. */
  readonly who: string;
  /** Edits a minute. */
  readonly limit: number;
  readonly edits: number;
}
