import type { Edit, EditRequestBody, EditStatus } from "../../../../shared/edit.ts";
import type { ProvenanceChoice } from "../../../../shared/gpu.ts";
import type { Id } from "../../../../shared/ids.ts";
import type { FusionMask, MaskOptions } from "../../../../shared/mask.ts";
import type { Policy } from "../../../../shared/moderation/policies.ts";
import type { ProblemCode } from "../../../../shared/problem.ts";
import type { Progress } from "../../../../shared/progress.ts";
import type { Schedule } from "../../../../shared/schedule.ts";
import type { KnownRequest } from "./idempotency.ts";
import type { ImageRow, Size } from "./images.ts";
import type { TokenUse } from "./keys.ts";
import type { OwnEdits, Quota } from "./limits.ts";

/** A message of the queue `edits`. */
export interface EditMessage {
  readonly account: Id<"acct">;
  readonly edit: Id<"edit">;
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
  /** By how much the backlog of all accounts would make it late, in milliseconds; null if it is in time. */
  readonly overrunMs?: number | null;
  /** The one photo that its token is for: a mask named by its id must have been made from it. */
  readonly boundTo?: Id<"img">;
  /** Edits that were not counted with the request itself, and count when this one is accepted. */
  readonly own?: OwnEdits;
  /** The token in place of a key, whose use is taken with this transaction. */
  readonly token?: TokenUse;
}

export type CreateOutcome =
  | { readonly outcome: "created"; readonly edit: EditRow }
  | { readonly outcome: "insufficient_credits"; readonly balance: number }
  /** So many edits of the account wait or run already. */
  | { readonly outcome: "no_room"; readonly limit: number; readonly retryAfterSeconds: number }
  /** As many edits were accepted in this minute as a limit allows. */
  | { readonly outcome: "over_limit"; readonly quota: Quota }
  /** It would not be done before its deadline. */
  | { readonly outcome: "too_late"; readonly overrunMs: number }
  /** No use of its token is left. */
  | { readonly outcome: "token_used_up" }
  /** A picture named by its id is not there. */
  | { readonly outcome: "image_unknown" }
  /** The mask named by its id was not made from the photo that its token is for. */
  | { readonly outcome: "mask_foreign" }
  /** The mask named by its id is of another size than the photo, both in pixels. */
  | { readonly outcome: "mask_size"; readonly mask: Size; readonly image: Size }
  /** Its idempotency key came before. */
  | { readonly outcome: "known"; readonly known: KnownRequest };

export type CreateAllOutcome =
  | { readonly outcome: "all_created"; readonly edits: readonly EditRow[] }
  | Refused;

/** Why an edit was not accepted. */
export type Refused = Exclude<CreateOutcome, { readonly outcome: "created" | "known" }>;

export interface StoredMask {
  readonly key: string;
  readonly coverage: number;
  readonly source: "pasl" | "cache" | "user";
  /** The mask of the fusion; edits of before it was told have none. */
  readonly fusion?: FusionMask | null;
}

export interface StoredResult {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** How the model read the prompt. */
export type Reading = Pick<Edit, "read_as" | "warnings">;

export interface EditRow {
  readonly id: Id<"edit">;
  readonly account: Id<"acct">;
  /** Id of the token that made it; null if a key did. */
  readonly token: string | null;
  readonly status: EditStatus;
  /** Number of the latest claim; one that a busy GPU gave back has a number too. */
  readonly attempt: number;
  readonly input: EditInput;
  readonly model: { readonly id: string; readonly version: string };
  readonly credits: number;
  /** Credits that were charged; 0 until it is final. */
  readonly captured: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly deadlineAt: number;
  /** When result and mask are erased. */
  readonly expiresAt: number;
  readonly mask: StoredMask | null;
  readonly result: StoredResult | null;
  readonly regions: Edit["regions"];
  /** Absent until it has succeeded. */
  readonly reading?: Reading;
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
      /** Whether a mask was located on its photo before, so that the mask cache may have it. */
      readonly locatedBefore: boolean;
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
  readonly reading?: Reading;
  readonly preservation: Edit["preservation"];
  readonly timings: Omit<NonNullable<Edit["timings"]>, "queue_ms" | "total_ms">;
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
