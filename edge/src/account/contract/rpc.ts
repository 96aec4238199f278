import type { ProvenanceChoice } from "../../../../shared/gpu.ts";
import type { Id } from "../../../../shared/ids.ts";
import type {
  ClaimOutcome,
  CreateAllOutcome,
  CreateOutcome,
  EditRow,
  FailOutcome,
  NewEdit,
  Refused,
  Run,
  RunError,
  RunNews,
  RunResult,
} from "./edits.ts";
import type { ErasureRpc } from "./erasure.ts";
import type { IdempotencyState } from "./idempotency.ts";
import type { ImageRow } from "./images.ts";
import type { Authenticated, Balance, Credential, KeyRow, NewCredits, NewKey, Reversal } from "./keys.ts";
import type { OwnEdits } from "./limits.ts";
import type { ReadingRpc } from "./reading.ts";
import type { TokenRpc } from "./tokens.ts";

/**
 * The worker's calls to an account's Durable Object. Each account has one object, named by the account's id, that holds
 * the ledger, keys, idempotency records, image rows, edits and the outbox. Every method is one transaction. Times are
 * Unix milliseconds, sizes bytes, credits whole numbers.
 */
export interface AccountRpc extends TokenRpc, ReadingRpc, ErasureRpc {
  // ── account, keys, credits
  /** Creates the account; a second call changes nothing and returns the existing one. */
  open(account: { id: Id<"acct">; name: string }): Promise<{ name: string; createdAt: number }>;
  /** What results of edits claimed from now on disclose about their origin. False if the account was never opened. */
  setProvenance(choice: ProvenanceChoice): Promise<boolean>;
  addKey(key: NewKey): Promise<KeyRow>;
  /** Whether the key existed. From this moment a revoked key authenticates no one. */
  revokeKey(id: Id<"key">): Promise<boolean>;
  /**
   * The key behind a request, or null; hashes are compared in constant time. Records the time of last use and counts
   * the request: always for the key, and for the account if the key has the scope (null: any key has it) and is within
   * its limit.
   */
  authenticate(credential: Credential): Promise<Authenticated | null>;
  /**
   * A request counted by `authenticate` or `tokenState` was refused: it does not count for the account.
   * @param tookMs time from its count to its refusal
   */
  giveBackRequest(tookMs: number): Promise<void>;
  /**
   * Adds credits once per reference (a payment's id, an operator's idempotency key). Null if the reference was already
   * used for something else.
   */
  addCredits(entry: NewCredits): Promise<Balance | null>;
  /** Reverses a payment, in part or in full; false if it is unknown. */
  reversePayment(reversal: Reversal): Promise<boolean>;
  /** Null if the account was never opened. */
  summary(): Promise<Balance | null>;
  /** The current signing secret of the account's webhooks, `whsec_…`. */
  webhookSecret(): Promise<string>;
  /** A new secret; the previous one keeps signing for a day. */
  rotateWebhookSecret(): Promise<string>;

  // ── idempotency of POSTs (24 h)
  /** Claims a key for a request, or returns what is known about it. An abandoned claim lapses after a minute. */
  beginIdempotent(request: { key: string; fingerprint: string }): Promise<IdempotencyState>;
  /** Stores the first answer: a description from which the route renders it again with fresh URLs. */
  completeIdempotent(record: {
    key: string;
    status: number;
    value: unknown;
    /** The image that the answer refers to: once it is erased, the request counts as new. */
    subject?: string;
  }): Promise<void>;
  /** Releases the key after an answer that a retry may change (5xx, 429). */
  releaseIdempotent(key: string): Promise<void>;

  // ── images
  addImage(image: ImageRow): Promise<void>;
  /** Null if it is unknown, erased or past its retention. */
  image(id: Id<"img">): Promise<ImageRow | null>;

  // ── edits
  /**
   * Looks up the pictures, then writes the hold, the edit, the outbox row for the queue and the completed idempotency
   * record in one transaction. The record's answer is 202 with the value `{ edit: id }`; if it was complete before, its
   * edit is the answer and nothing is held. An `unseen` edit may have to be looked at first, and is then sent again.
   */
  createEdit(edit: NewEdit): Promise<CreateOutcome>;
  /** `authenticate`, then `createEdit` if the request passes; otherwise the outcome is null. */
  createEditWith(
    credential: Credential,
    edit: NewEdit,
  ): Promise<{ authenticated: Authenticated | null; outcome: CreateOutcome | null }>;
  /**
   * Accepts all edits or none, in one transaction; the record's value is `{ edits: ids }`. A refusal of one refuses
   * all.
   */
  createEdits(
    edits: readonly NewEdit[],
    idempotencyKey: string | null,
    own?: OwnEdits,
  ): Promise<CreateAllOutcome>;
  /** Why the account would not accept an edit now; null if it would. Nothing is held. */
  refusalOf(edit: Pick<NewEdit, "credits" | "overrunMs">): Promise<Refused | null>;
  edit(id: Id<"edit">): Promise<EditRow | null>;
  /** The edit once it is final, or its state after `ms`; null if unknown. */
  waitForEdit(id: Id<"edit">, ms: number): Promise<EditRow | null>;
  /**
   * Cancels at once and releases the hold; a run in progress stops within one step and its answer is discarded. A final
   * edit stays as it is. Null if unknown.
   */
  cancelEdit(id: Id<"edit">): Promise<EditRow | null>;

  // ── runs (called by their runner)
  /** Claims the next attempt by compare-and-set; attempts are counted here, at most 3. */
  claim(id: Id<"edit">): Promise<ClaimOutcome>;
  /**
   * Renews the lease; the answer says whether the run may continue (false: cancelled, superseded or past its deadline).
   * Null is a heartbeat without news.
   */
  report(run: Run, news: RunNews): Promise<{ proceed: boolean }>;
  /** Settles the edit: succeeded and captured. False if the attempt was superseded or the edit is final. */
  succeed(run: Run, result: RunResult): Promise<boolean>;
  /** A failure: retried if attempts are left and a retry may help, otherwise failed and released. */
  fail(run: Run, error: RunError): Promise<FailOutcome>;
  /** The GPU was busy: the attempt is given back and does not count; no one may claim before the delay is over. */
  yieldClaim(run: Run, delaySeconds: number): Promise<void>;
  /** Dead-letter queue: an edit that is neither final nor running fails, and its hold is released. */
  settleDead(id: Id<"edit">): Promise<void>;
}
