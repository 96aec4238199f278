/**
 * The API's wire types, as in its contract. Written out, so that this package has no dependencies; contract.test.ts
 * checks them against the API's own schemas.
 */

export type ImageId = `img_${string}`;

/** `POST /v1/images` */
export interface Image {
  readonly id: ImageId;
  /** Pixels as shown upright. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly content_type: "image/jpeg" | "image/png" | "image/webp" | "image/avif";
  readonly expires_at: string;
}

/** A face in pixels of the upright photo, from the brows to the chin. */
export interface Face {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Which tokens of the model are edited: one cell each, over a part of the photo that is turned by `roll` radians. */
export interface FusionMask {
  readonly rows: number;
  readonly columns: number;
  readonly coverage: number;
  readonly part: Face & { readonly roll: number };
  /** A grey PNG in Base64: white is edited. */
  readonly png: string;
}

/** A face of several: its place in `faces` of a mask, or a point on it in pixels. */
export type FaceChoice = number | { readonly x: number; readonly y: number };

export interface RegionShare {
  readonly prompt: string;
  /** Share of the photo, 0…1. */
  readonly coverage: number;
}

/** `POST /v1/masks` */
export interface Mask {
  readonly mask: {
    /** Takes the place of `mask` in an edit. */
    readonly id: ImageId;
    readonly url: string;
    readonly width: number;
    readonly height: number;
    readonly coverage: number;
    readonly source: "pasl" | "cache";
    readonly fusion: FusionMask | null;
  };
  readonly regions: RegionShare[];
  /** Every face of the photo, in its pixels; the first is edited unless `face` names another one. */
  readonly faces: Face[];
}

/** `GET /v1/account` */
export interface Account {
  readonly id: `acct_${string}`;
  readonly name: string;
  /** Credits that may be spent. */
  readonly balance: number;
  /** Credits held for edits that are not final. */
  readonly held: number;
  /** `whsec_…`, for keys with the scope `edits`. */
  readonly webhook_secret?: string | undefined;
  readonly key: {
    readonly id: `key_${string}`;
    readonly name: string;
    readonly scopes: ("edits" | "images" | "sign" | "admin")[];
    readonly limits: { readonly requests: number; readonly edits: number };
  };
}

export type ProblemCode =
  | "invalid_request"
  | "unauthorized"
  | "insufficient_credits"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "conflict"
  | "idempotency_mismatch"
  | "length_required"
  | "precondition_failed"
  | "payload_too_large"
  | "unsupported_media"
  | "image_rejected"
  | "no_face"
  | "moderated"
  | "unchanged"
  | "rate_limited"
  | "internal"
  | "unavailable"
  | "gpu_unavailable"
  | "deadline_exceeded";

/** What a deployment may refuse, by words or by the picture. */
export type Policy =
  | "prompt.sexual"
  | "prompt.minors"
  | "prompt.hate"
  | "prompt.real_person"
  | "image.sexual"
  | "image.age";

/** An error answer: RFC 9457, with a stable code. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What was wrong and what to do, for people. */
  readonly detail: string;
  readonly code: ProblemCode;
  readonly request_id: string;
  readonly errors?: { readonly path: string; readonly message: string }[] | undefined;
  /** With `moderated`: the policy that refuses. */
  readonly policy?: Policy | undefined;
}

export type EditStatus = "queued" | "running" | "succeeded" | "failed" | "canceled";

/** An edit as every route and every webhook shows it. Times are RFC 3339 in UTC; URLs are signed and expire. */
export interface Edit {
  readonly id: string;
  readonly status: EditStatus;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly image: {
    readonly url: string;
    readonly width: number;
    readonly height: number;
    readonly content_type: string;
  } | null;
  readonly mask: {
    readonly url: string;
    /** Share of the photo, 0…1. */
    readonly coverage: number;
    readonly source: "pasl" | "cache" | "user";
    readonly fusion: FusionMask | null;
  } | null;
  readonly regions: RegionShare[];
  /** What the model read in place of the prompt, in words it was taught; null if the prompt. */
  readonly read_as: string | null;
  /** What of the prompt was left out, and why: a sentence each. */
  readonly warnings: string[];
  /** Outside of the mask, before the photo's own pixels are put back; null if nothing is outside. */
  readonly preservation: { readonly psnr_outside_db: number; readonly ssim_outside: number } | null;
  readonly timings: {
    readonly queue_ms: number;
    readonly mask_ms: number;
    readonly inversion_ms: number;
    readonly edit_ms: number;
    readonly total_ms: number;
    readonly evaluations: number;
    /** Tokens of the picture that each evaluation of the edit computed, and how many there are. */
    readonly tokens?: { readonly computed: number; readonly all: number } | undefined;
  } | null;
  readonly cache: { readonly mask: boolean; readonly inversion: boolean };
  readonly model: { readonly id: string; readonly version: string };
  readonly usage: { readonly credits: number };
  readonly error: {
    readonly code: ProblemCode;
    readonly detail: string;
    readonly policy?: Policy | undefined;
  } | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly urls: { readonly self: string; readonly events: string; readonly cancel: string };
}

/** An edit with its picture. */
export type SucceededEdit = Edit & {
  readonly status: "succeeded";
  readonly image: NonNullable<Edit["image"]>;
};

export type Phase = "load" | "encode" | "locate" | "inversion" | "edit" | "decode";

export interface Progress {
  readonly phase: Phase;
  readonly step: number;
  readonly steps: number;
  /** Milliseconds until the edit is done, if that can be told. */
  readonly eta_ms: number | null;
}

/** `event` and `data` of one Server-Sent Event of `GET /v1/edits/{id}/events`. */
export type EditEvent =
  /** Place among the account's own edits that wait: 1 is next. */
  | { readonly event: "queued"; readonly data: { readonly position: number } }
  | { readonly event: "started"; readonly data: { readonly started_at: string } }
  | { readonly event: "progress"; readonly data: Progress }
  /** What the edit would come to, small. */
  | { readonly event: "preview"; readonly data: { readonly url: string } }
  | { readonly event: "succeeded"; readonly data: Edit }
  | { readonly event: "failed"; readonly data: Edit }
  | { readonly event: "canceled"; readonly data: Edit };

/** Body of a webhook. */
export interface WebhookEvent {
  readonly type: "edit.succeeded" | "edit.failed" | "edit.canceled";
  /** When the edit became final: the same in every delivery. */
  readonly timestamp: string;
  readonly data: Edit;
}

export type Preset = "paper" | "balanced" | "fast";

/** A schedule of one's own; what is left out is the preset `paper`'s. */
export interface Schedule {
  /** 1…60 */
  readonly steps?: number | undefined;
  readonly inversion_steps?: number | undefined;
  /** How many steps keep the photo's structure: 0…`steps`. */
  readonly structuring_steps?: number | undefined;
  readonly value_blocks?: number | undefined;
  /** The edit computes the mask and a margin alone. */
  readonly value_path?: "background" | undefined;
  readonly solver?: "rf-solver-2" | "fireflow" | "euler" | undefined;
  readonly spacing?: "flux" | "even" | undefined;
  readonly guidance?:
    | {
        readonly inversion?: number | undefined;
        readonly edit?: number | undefined;
        readonly method?: "distilled" | "true" | undefined;
      }
    | undefined;
}

/** `grow` is a fraction of the photo's shorter side, `feather` one of the region's own size. */
export interface MaskOptions {
  readonly invert?: boolean | undefined;
  readonly threshold?: number | undefined;
  readonly grow?: number | undefined;
  readonly feather?: number | undefined;
}

/** What is wanted: one prompt, or each attribute on its own. Exactly one of both is needed. */
export interface Wanted {
  readonly prompt?: string | undefined;
  readonly edits?: readonly { readonly prompt: string }[] | undefined;
}

interface Ordered {
  /** Which face is edited, if there are several and no mask says so. */
  readonly face?: FaceChoice | undefined;
  /** What the photo shows before the edit ("a person."). */
  readonly source_prompt?: string | undefined;
  readonly mask_options?: MaskOptions | undefined;
  readonly schedule?: Preset | Schedule | undefined;
  readonly composite?: "paste-back" | "none" | undefined;
  readonly output?:
    | { readonly format?: "png" | "jpeg" | "webp" | undefined; readonly quality?: number | undefined }
    | undefined;
  readonly webhook_url?: string | undefined;
  readonly deadline_ms?: number | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** A file of React Native, which its forms send by its address. */
export interface LocalFile {
  readonly uri: string;
  readonly name: string;
  readonly type: string;
}

/** An image id, a data URL or an https URL, or the picture itself. */
export type Picture = string | Blob | Uint8Array<ArrayBuffer> | LocalFile;

/** `POST /v1/edits` */
export interface EditOrder extends Wanted, Ordered {
  readonly image: Picture;
  /** White is edited; `auto` locates the region of the prompt. */
  readonly mask?: Picture | undefined;
}

/** `POST /v1/alternatives`: one uploaded photo, two to eight wishes, an edit for each. */
export interface AlternativesOrder extends Ordered {
  readonly image: string;
  readonly mask?: string | undefined;
  readonly alternatives: readonly { readonly prompt: string }[];
}

/** `POST /v1/masks` */
export interface MaskOrder extends Wanted, Omit<MaskOptions, "invert"> {
  readonly image: string;
  readonly face?: FaceChoice | undefined;
}

/** `POST /v1/uploads` */
export interface UploadRequest {
  readonly content_type: Image["content_type"];
  /** The most that the body may have. */
  readonly bytes?: number | undefined;
}

export interface Upload {
  readonly image_id: string;
  /** Where to PUT the image, once, without a key. */
  readonly url: string;
  readonly expires_at: string;
}

interface Limits {
  readonly image?: ImageId | undefined;
  readonly prompts?: readonly string[] | undefined;
  readonly presets?: readonly Preset[] | undefined;
  readonly max_credits?: number | undefined;
}

interface Lifetime {
  /** Seconds. */
  readonly expires_in: number;
  readonly max_uses?: number | undefined;
}

/** `POST /v1/sign` */
export type SignRequest =
  | (Lifetime & { readonly action: "edit"; readonly constraints?: Limits | undefined })
  | (Lifetime & { readonly action: "upload" })
  | (Lifetime & {
      readonly action: "render";
      readonly constraints: Limits & { readonly image: ImageId; readonly prompts: readonly string[] };
    });

export interface Signed {
  /** What the token is for: of a render, the image's own address. */
  readonly url: string;
  readonly token: string;
  readonly expires_at: string;
  /** When the photo that the token names is erased; null if it names none. */
  readonly image_expires_at: string | null;
}

/** `GET /v1/presets` */
export interface Presets {
  readonly presets: readonly {
    readonly name: string;
    readonly schedule: Schedule;
    /** Planned evaluations of the transformer. */
    readonly evaluations: number;
    /** Price of one edit. */
    readonly credits: number;
  }[];
  readonly regions: readonly string[];
}
