/**
 * Every store of customer data, and what is left in it once photos and edits are erased. The tests list the real
 * stores, and compare edge/docs/privacy.md with this list.
 */

/** Tables of the account's object that have no rows of a photo or an edit once it is erased. */
export const EMPTIED_TABLES = ["edits", "images", "masks"] as const;

/** Tables whose rows stay, and what such a row contains. None holds a prompt, a picture or its hash. */
export const LASTING_TABLES = {
  account: "the account's name and switches",
  keys: "a key's name and scopes, and the SHA-256 of its secret",
  ledger: "amounts, times, edit ids",
  usage: "sums of a day",
  idempotency:
    "the client's own key, a fingerprint, and the answer, unless it names an image or edit that is gone; a day",
  outbox: "an edit's id and the webhook's host, its address while it is pending; what was given up, a week",
  payments: "a payment's id at Stripe, or an operator's key, and its credits",
  reversals: "which payment went back, and how much of it",
  token_uses: "how often a token was used, until its end",
  webhook_secrets: "what webhooks are signed with",
  stripe_customer: "the customer's id at Stripe",
  due: "what is still to be done, and when: ids, names of objects and of cache entries",
  versions: "versions of the tables",
  _cf_METADATA: "the runtime's own: when the alarm rings",
  _cf_ALARM: "the runtime's own: when the alarm rings",
} as const;

/** Prefixes of Upstash's keys that may stay, with their meaning. */
export const LASTING_ENTRIES = {
  "backlog:": "how much work waits and how long an edit takes, all accounts' together",
} as const;

/** Prefixes of the names of objects in R2 that may stay. */
export const LASTING_OBJECTS = {
  "keys/": "which account a key's id belongs to",
  "payments/": "which account a payment's id at Stripe belongs to; refunds that came before their payment",
  "ledgers/": "old entries of the ledger: amounts, times, edit ids",
} as const;

/** The first cells of the rows of edge/docs/privacy.md, in their order. */
export const ROWS = [
  "uploaded photos",
  "located masks",
  "results, previews, an edit's mask, photos that came with an edit",
  "prompts, metadata, what is known of photos, masks and edits",
  "a photo and its inversion, to make the next edit of it faster; what a run reported",
  "encodings of prompts, under the prompt's SHA-256",
  "idempotency records: the client's key, a fingerprint, the answer",
  "webhooks and meter events on their way, how they went",
  "counters of limits",
  "ledger rows and sums of usage: amounts, edit ids, days",
  "accounts and keys: names, scopes, the SHA-256 of a key",
  "log lines: route pattern, status, time, account, request and edit id",
] as const;
