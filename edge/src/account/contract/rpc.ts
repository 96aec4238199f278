import type { ProvenanceChoice } from "../../../../shared/gpu.ts";
import type { Id } from "../../../../shared/ids.ts";
import type { Scope } from "../../../../shared/scopes.ts";
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
import type { Authenticated, Balance, KeyRow, NewCredits, NewKey, Reversal } from "./keys.ts";
import type { KeyLimit, OwnEdits } from "./limits.ts";
import type { ReadingRpc } from "./reading.ts";
import type { TokenRpc } from "./tokens.ts";

/**
 * What the worker asks of an account's Durable Object. One object an account (named by its id) holds the ledger,
 * the keys, idempotency records, image rows, edits and the outbox. Every method is one transaction.
 * Times are Unix milliseconds, sizes bytes, credits whole numbers.
 */
export interface AccountRpc extends TokenRpc, ReadingRpc, ErasureRpc {
  // ── account, keys, credits
  /** Makes the account; a second call changes nothing, and says which one is there. */
  open(account: { id: Id<"acct">; name: string }): Promise<{ name: string; createdAt: number }>;
  /** What results of edits claimed from now on tell of their origin. False if the account was never opened. */
  setProvenance(choice: ProvenanceChoice): Promise<boolean>;
  addKey(key: NewKey): Promise<KeyRow>;
  /** Whether there was such a key. A revoked key authenticates nobody from this moment. */
  revokeKey(id: Id<"key">): Promise<boolean>;
  /**
   * The key behind a request, or null; the hash is compared in constant time. Notes the time of last use, and counts
   * the request: for the key, and for the account if the key has the scope (null: any key has it) and room.
   */
  authenticate(request: {
    id: Id<"key">;
    secretSha256: string;
    scope: Scope | null;
    limits: readonly KeyLimit[];
  }): Promise<Authenticated | null>;
  /** A request that `authenticate` or `tokenState` counted was refused: it does not count for the account. */
  giveBackRequest(): Promise<void>;
  /**
   * Adds credits once for each reference (a payment's id, an operator's idempotency key). Null if the reference stands
   * for something else already.
   */
  addCredits(entry: NewCredits): Promise<Balance | null>;
  /** Takes a payment back, in part or whole; false if it is unknown. */
  reversePayment(reversal: Reversal): Promise<boolean>;
  /** Null if the account was never opened. */
  summary(): Promise<Balance | null>;
  /** The secret by which the account's webhooks are signed now, `whsec_…`. */
  webhookSecret(): Promise<string>;
  /** A new secret; the one before signs along for a day. */
  rotateWebhookSecret(): Promise<string>;

  // ── idempotency of POSTs (24 h)
  /** Claims a key for a request, or says what is known of it. An abandoned claim lapses after a minute. */
  beginIdempotent(request: { key: string; fingerprint: string }): Promise<IdempotencyState>;
  /** Keeps the first answer (a description from which the route makes it again with fresh URLs). */
  completeIdempotent(record: {
    key: string;
    status: number;
    value: unknown;
    /** The image that the answer names: once that is erased, the request is a new one. */
    subject?: string;
  }): Promise<void>;
  /** Gives the key back after an answer that a retry may change (5xx, 429). */
  releaseIdempotent(key: string): Promise<void>;

  // ── images
  addImage(image: ImageRow): Promise<void>;
  /** Null if it is unknown, erased, or past its retention. */
  image(id: Id<"img">): Promise<ImageRow | null>;

  // ── edits
  /**
   * Looks its pictures up, then hold, edit, outbox row for the queue and completed idempotency record, in one
   * transaction. The record's answer is 202 with the value `{ edit: id }`; where it was complete before, its edit is the
   * answer and nothing is held.
   */
  createEdit(edit: NewEdit): Promise<CreateOutcome>;
  /**
   * All of them, or none, in one transaction; the record's value is `{ edits: ids }`. What refuses one refuses all.
   */
  createEdits(
    edits: readonly NewEdit[],
    idempotencyKey: string | null,
    own?: OwnEdits,
  ): Promise<CreateAllOutcome>;
  /** What would keep the account from accepting an edit now; null if nothing would. Nothing is held. */
  refusalOf(edit: Pick<NewEdit, "credits" | "overrunMs">): Promise<Refused | null>;
  edit(id: Id<"edit">): Promise<EditRow | null>;
  /** The edit once it is final, or as it is after `ms`; null if unknown. */
  waitForEdit(id: Id<"edit">, ms: number): Promise<EditRow | null>;
  /**
   * Cancels at once and releases the hold; a run that was under way stops within one step, its answer is not taken.
   * A final edit stays as it is. Null if unknown.
   */
  cancelEdit(id: Id<"edit">): Promise<EditRow | null>;

  // ── runs (their runner)
  /** Claims the next attempt by compare-and-set; attempts are counted here and at most 3. */
  claim(id: Id<"edit">): Promise<ClaimOutcome>;
  /**
   * Renews the lease; the answer says whether the run may go on (false: cancelled, overtaken, past deadline).
   * Null is a sign of life without news.
   */
  report(run: Run, news: RunNews): Promise<{ proceed: boolean }>;
  /** Settles: succeeded and captured. False if the attempt was overtaken or the edit is final. */
  succeed(run: Run, result: RunResult): Promise<boolean>;
  /** A failure: retried while attempts are left and it may help, else failed and released. */
  fail(run: Run, error: RunError): Promise<FailOutcome>;
  /** The GPU was busy: the attempt is given back and does not count; nobody may claim before the delay is over. */
  yieldClaim(run: Run, delaySeconds: number): Promise<void>;
  /** From the dead-letter queue: whatever is not final and not running becomes failed, its hold released. */
  settleDead(id: Id<"edit">): Promise<void>;
}
