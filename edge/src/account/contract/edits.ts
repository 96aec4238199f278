import type { Edit, EditRequestBody, EditStatus } from "../../../../shared/edit.ts";
import type { ProvenanceChoice } from "../../../../shared/gpu.ts";
import type { Id } from "../../../../shared/ids.ts";
import type { MaskOptions } from "../../../../shared/mask.ts";
import type { Policy } from "../../../../shared/moderation/policies.ts";
import type { ProblemCode } from "../../../../shared/problem.ts";
import type { Progress } from "../../../../shared/progress.ts";
import type { Schedule } from "../../../../shared/schedule.ts";
import type { Scope } from "../../../../shared/scopes.ts";
import type { ErasureRpc } from "./erasure.ts";
import type { ReadingRpc } from "./reading.ts";
import type { TokenRpc, TokenUse } from "./tokens.ts";

/**
 * What the worker asks of an account's Durable Object. One object an account (named by its id) holds the ledger,
 * the keys, idempotency records, image rows, edits and the outbox. Every method is one transaction.
 * Times are Unix milliseconds, sizes bytes, credits whole numbers.
 */
export interface AccountRpc extends TokenRpc, ReadingRpc, ErasureRpc {
  // ── account, keys, credits
  /** Makes the account; a second call changes nothing. */
  open(account: { id: Id<"acct">; name: string }): Promise<void>;
  /** What results of edits claimed from now on tell of their origin. False where the account was never opened. */
  setProvenance(choice: ProvenanceChoice): Promise<boolean>;
  addKey(key: NewKey): Promise<KeyRow>;
  /** Whether there was such a key. A revoked key authenticates nobody from this moment. */
  revokeKey(id: Id<"key">): Promise<boolean>;
  /** The key behind a request, or null; the hash is compared in constant time. Notes the time of last use. */
  authenticate(key: { id: Id<"key">; secretSha256: string }): Promise<KeyRow | null>;
  /** Adds credits once for each reference (a payment's id, an admin request's idempotency key). */
  addCredits(entry: NewCredits): Promise<Balance>;
  /** Null where the account was never opened. */
  summary(): Promise<Balance | null>;
  /** The secret by which the account's webhooks are signed now, `whsec_…`. */
  webhookSecret(): Promise<string>;
  /** A new secret; the one before signs along for a day. */
  rotateWebhookSecret(): Promise<string>;

  // ── idempotency of POSTs (24 h)
  /** Claims a key for a request, or says what is known of it. An abandoned claim lapses after a minute. */
  beginIdempotent(request: { key: string; fingerprint: string }): Promise<IdempotencyState>;
  /** Keeps the first answer (a description from which the route makes it again with fresh URLs). */
  completeIdempotent(record: { key: string; status: number; value: unknown }): Promise<void>;
  /** Gives the key back after an answer that a retry may change (5xx, 429). */
  releaseIdempotent(key: string): Promise<void>;

  // ── images
  addImage(image: ImageRow): Promise<void>;
  /** Null where it is unknown, erased, or past its retention. */
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
  createEdits(edits: readonly NewEdit[], idempotencyKey: string | null): Promise<CreateAllOutcome>;
  /** What would keep the account from accepting an edit now; null where nothing would. Nothing is held. */
  refusalOf(edit: Pick<NewEdit, "credits" | "overrunMs">): Promise<Refused | null>;
  edit(id: Id<"edit">): Promise<EditRow | null>;
  /** The edit once it is final, or as it is after `ms`; null where unknown. */
  waitForEdit(id: Id<"edit">, ms: number): Promise<EditRow | null>;
  /**
   * Cancels at once and releases the hold; a run that was under way stops within one step, its answer is not taken.
   * A final edit stays as it is. Null where unknown.
   */
  cancelEdit(id: Id<"edit">): Promise<EditRow | null>;

  // ── runs (queue consumer)
  /** Claims the next attempt by compare-and-set; attempts are counted here and at most 3. */
  claim(id: Id<"edit">): Promise<ClaimOutcome>;
  /**
   * Renews the lease; the answer says whether the run shall go on (false: cancelled, overtaken, past deadline).
   * Null is a sign of life without news.
   */
  report(run: Run, news: RunNews): Promise<{ proceed: boolean }>;
  /** Settles: succeeded and captured. False where the attempt was overtaken or the edit is final. */
  succeed(run: Run, result: RunResult): Promise<boolean>;
  /** A failure: retried while attempts are left and it may help, else failed and released. */
  fail(run: Run, error: RunError): Promise<FailOutcome>;
  /** The GPU was busy: the attempt is given back and does not count; nobody may claim before the delay is over. */
  yieldClaim(run: Run, delaySeconds: number): Promise<void>;
  /** From the dead-letter queue: whatever is not final and not running becomes failed, its hold released. */
  settleDead(id: Id<"edit">): Promise<void>;
}

/** A message of the queue `edits`. */
export interface EditMessage {
  readonly account: Id<"acct">;
  readonly edit: Id<"edit">;
}

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

export interface NewCredits {
  readonly amount: number;
  readonly reason: string;
  readonly reference: string;
  /** Who paid, as Stripe names them; the first one is the account's customer. */
  readonly customer?: string | null;
}

export interface Balance {
  readonly id: Id<"acct">;
  readonly name: string;
  /** Credits that may be spent: what came in less captures and holds. */
  readonly balance: number;
  readonly held: number;
}

export type IdempotencyState =
  | { readonly state: "new" }
  | { readonly state: "running"; readonly retryAfterSeconds: number }
  | { readonly state: "mismatch" }
  | { readonly state: "replay"; readonly status: number; readonly value: unknown };

/** What is known of a key that came before. */
export type KnownRequest = Exclude<IdempotencyState, { readonly state: "new" }>;

export interface ImageRow {
  readonly id: Id<"img">;
  /** Storage key in R2. */
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
  /** As shown upright. */
  readonly width: number;
  readonly height: number;
  readonly contentType: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Everything a run needs: the request as validated, its pictures replaced by image rows. */
export interface EditInput extends Omit<EditRequestBody, "image" | "mask" | "schedule" | "webhook_url"> {
  readonly image: Pick<ImageRow, "id" | "key" | "sha256" | "width" | "height">;
  readonly mask: "auto" | Pick<ImageRow, "id" | "key" | "sha256">;
  readonly mask_options: MaskOptions;
  readonly schedule: Schedule;
  /** Pictures that came along with the request: they are erased together with the edit. */
  readonly inline?: readonly Id<"img">[];
  readonly webhook_url: string | null;
}

export interface NewEdit {
  readonly id: Id<"edit">;
  /** A picture is named by its id, and looked up in the transaction that accepts the edit, or was stored just before. */
  readonly input: Omit<EditInput, "image" | "mask"> & {
    readonly image: Id<"img"> | EditInput["image"];
    readonly mask: Id<"img"> | EditInput["mask"];
  };
  readonly credits: number;
  readonly model: { readonly id: string; readonly version: string };
  /** The record that becomes complete with this transaction. */
  readonly idempotencyKey: string | null;
  /** Hash of what the key stands for, where nothing claimed it before: this transaction does. */
  readonly fingerprint?: string;
  /** By how much the backlog of all accounts would make it late, in milliseconds; null where it is in time. */
  readonly overrunMs?: number | null;
  /** The token in place of a key, whose use is taken with this transaction. */
  readonly token?: TokenUse;
}

export type CreateOutcome =
  | { readonly outcome: "created"; readonly edit: EditRow }
  | { readonly outcome: "insufficient_credits"; readonly balance: number }
  /** So many edits of the account wait or run already. */
  | { readonly outcome: "no_room"; readonly limit: number; readonly retryAfterSeconds: number }
  /** It would not be done before its deadline. */
  | { readonly outcome: "too_late"; readonly overrunMs: number }
  /** No use of its token is left. */
  | { readonly outcome: "token_used_up" }
  /** A picture named by its id is not there. */
  | { readonly outcome: "image_unknown" }
  /** The mask named by its id is of another size than the photo, both in pixels. */
  | { readonly outcome: "mask_size"; readonly mask: Size; readonly image: Size }
  /** Its idempotency key came before. */
  | { readonly outcome: "known"; readonly known: KnownRequest };

export type CreateAllOutcome =
  | { readonly outcome: "all_created"; readonly edits: readonly EditRow[] }
  | Refused;

/** Why an edit was not accepted. */
export type Refused = Exclude<CreateOutcome, { readonly outcome: "created" | "known" }>;

export type Size = Pick<ImageRow, "width" | "height">;

export interface StoredMask {
  readonly key: string;
  readonly coverage: number;
  readonly source: "pasl" | "cache" | "user";
}

export interface StoredResult {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface EditRow {
  readonly id: Id<"edit">;
  readonly account: Id<"acct">;
  /** Id of the token that made it; null where a key did. */
  readonly token: string | null;
  readonly status: EditStatus;
  /** Number of the latest claim; one that a busy GPU gave back has a number too. */
  readonly attempt: number;
  readonly input: EditInput;
  readonly model: { readonly id: string; readonly version: string };
  readonly credits: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly deadlineAt: number;
  /** When result and mask are erased. */
  readonly expiresAt: number;
  readonly mask: StoredMask | null;
  readonly result: StoredResult | null;
  readonly regions: Edit["regions"];
  readonly preservation: Edit["preservation"];
  readonly timings: Edit["timings"];
  readonly cache: Edit["cache"];
  /** The latest news of the run under way. */
  readonly progress: RunProgress | null;
  readonly error: Omit<RunError, "retryable"> | null;
}

/** One attempt at an edit: the attempt number fences late answers. */
export interface Run {
  readonly edit: Id<"edit">;
  readonly attempt: number;
}

export type ClaimOutcome =
  | {
      readonly outcome: "claimed";
      readonly attempt: number;
      readonly edit: EditRow;
      readonly provenance: ProvenanceChoice;
    }
  /** Final, unknown, or not to be tried before another message comes: nothing to do. */
  | { readonly outcome: "settled" }
  | { readonly outcome: "running"; readonly leaseMs: number };

export type RunProgress = Progress & {
  readonly etaMs: number | null;
  /** Storage key of the latest preview. */
  readonly preview: string | null;
};

/** What a run tells: that the GPU has begun, or how far it is. */
export type RunNews = "started" | RunProgress | null;

export interface RunResult {
  readonly mask: StoredMask;
  readonly result: StoredResult;
  readonly regions: Edit["regions"];
  readonly preservation: Edit["preservation"];
  readonly timings: { mask_ms: number; inversion_ms: number; edit_ms: number; evaluations: number };
  readonly cache: Edit["cache"];
  readonly model: { readonly id: string; readonly version: string };
}

export interface RunError {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly retryable: boolean;
  /** With `moderated`: which one refuses. */
  readonly policy?: Policy;
}

export type FailOutcome =
  | { readonly outcome: "failed" }
  | { readonly outcome: "retry"; readonly delaySeconds: number };
