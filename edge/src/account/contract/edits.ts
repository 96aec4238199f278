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

/** Everything a run needs: the validated request, with image rows in place of its pictures. */
export interface EditInput extends Omit<EditRequestBody, "image" | "mask" | "schedule" | "webhook_url"> {
  readonly image: Pick<ImageRow, "id" | "key" | "sha256" | "width" | "height">;
  readonly mask: "auto" | Pick<ImageRow, "id" | "key" | "sha256">;
  readonly mask_options: MaskOptions;
  readonly schedule: Schedule;
  /** Pictures that came with the request: they are erased together with the edit. */
  readonly inline?: readonly Id<"img">[];
  readonly webhook_url: string | null;
}

export interface NewEdit {
  readonly id: Id<"edit">;
  /** A picture given by its id, which the accepting transaction looks up, or one that was stored just before. */
  readonly input: Omit<EditInput, "image" | "mask"> & {
    readonly image: Id<"img"> | EditInput["image"];
    readonly mask: Id<"img"> | EditInput["mask"];
  };
  readonly credits: number;
  readonly model: { readonly id: string; readonly version: string };
  /** The idempotency record that this transaction completes. */
  readonly idempotencyKey: string | null;
  /** Hash of the request. Set if the key is not claimed yet: this transaction then claims it. */
  readonly fingerprint?: string;
  /** How late the backlog of all accounts would make it, in milliseconds; null if it is in time. */
  readonly overrunMs?: number | null;
  /** The only photo that its token allows: a mask given by its id must have been made from it. */
  readonly boundTo?: Id<"img">;
  /** Edits that were not counted with the request itself; they count once this one is accepted. */
  readonly own?: OwnEdits;
  /** The token used instead of a key; this transaction takes one of its uses. */
  readonly token?: TokenUse;
  /** Nobody has looked at it: unless the same was located on its photo before, it is answered so, and not accepted. */
  readonly unseen?: boolean;
}

/** Edits that could be accepted, of which some must be looked at first. Nothing is held. */
export interface Unseen {
  readonly outcome: "unseen";
  readonly edits: readonly Id<"edit">[];
  /** Where they locate; null if a mask marks the region. */
  readonly photo: EditInput["image"] | null;
}

export type CreateOutcome =
  | Unseen
  | { readonly outcome: "created"; readonly edit: EditRow }
  | { readonly outcome: "insufficient_credits"; readonly balance: number }
  /** The account already has this many edits waiting or running. */
  | { readonly outcome: "no_room"; readonly limit: number; readonly retryAfterSeconds: number }
  /** The rate limit for edits per minute is used up. */
  | { readonly outcome: "over_limit"; readonly quota: Quota }
  /** It would not be done before its deadline. */
  | { readonly outcome: "too_late"; readonly overrunMs: number }
  /** Its token has no uses left. */
  | { readonly outcome: "token_used_up" }
  /** A picture given by its id does not exist. */
  | { readonly outcome: "image_unknown" }
  /** The mask given by its id was not made from the photo that its token is for. */
  | { readonly outcome: "mask_foreign" }
  /** The mask given by its id differs in size from the photo; sizes in pixels. */
  | { readonly outcome: "mask_size"; readonly mask: Size; readonly image: Size }
  /** Its idempotency key was used before. */
  | { readonly outcome: "known"; readonly known: KnownRequest };

export type CreateAllOutcome =
  | { readonly outcome: "all_created"; readonly edits: readonly EditRow[] }
  | Unseen
  | Refused;

/** Why an edit was not accepted. */
export type Refused = Exclude<CreateOutcome, { readonly outcome: "created" | "known" | "unseen" }>;

export interface StoredMask {
  readonly key: string;
  readonly coverage: number;
  readonly source: "pasl" | "cache" | "user";
  /** The mask used by the fusion; edits from before it was recorded have none. */
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
  /** Id of the token that created it; null if a key did. */
  readonly token: string | null;
  readonly status: EditStatus;
  /** Number of the latest claim; a claim that a busy GPU gave back is numbered too. */
  readonly attempt: number;
  readonly input: EditInput;
  readonly model: { readonly id: string; readonly version: string };
  readonly credits: number;
  /** Credits that were charged; 0 until the edit is final. */
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
  /** The latest news of the current run. */
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
      /** Whether a mask was located on its photo before, so that the mask cache may hold it. */
      readonly locatedBefore: boolean;
    }
  /** Final, unknown, or not to be tried before the next message: nothing to do. */
  | { readonly outcome: "settled" }
  | { readonly outcome: "running"; readonly leaseMs: number };

export type RunProgress = Progress & {
  readonly etaMs: number | null;
  /** Storage key of the latest preview. */
  readonly preview: string | null;
};

/** What a run reports: that the GPU has started, or its progress. */
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
  /** With `moderated`: the policy that refuses it. */
  readonly policy?: Policy;
}

export type FailOutcome =
  | { readonly outcome: "failed" }
  | { readonly outcome: "retry"; readonly delaySeconds: number };
