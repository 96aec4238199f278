import { z } from "zod";
import { IMAGE_FORMATS } from "./image.ts";
import { FACES_MAX, faceChoiceSchema, faceSchema, fusionSchema, maskOptionsSchema } from "./mask.ts";
import { policySchema } from "./moderation/policies.ts";
import { moderationStateSchema } from "./moderation/settings.ts";
import { problemCodeSchema } from "./problem.ts";
import { progressSchema } from "./progress.ts";
import { promptSchema } from "./prompt.ts";
import { scheduleSchema } from "./schedule.ts";
import { tokensSchema } from "./tokens.ts";

/**
 * The protocol between the edge and the GPU function: tasks are sent as JSON, events come back as NDJSON, one per line.
 * Pixels travel only through signed URLs; events carry key, size and SHA-256.
 */

/** Maximum interval between two lines of a live run, in milliseconds: three silent intervals mean that it is dead. */
export const HEARTBEAT_MS = 5_000;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const transferUrlSchema = z.url({ protocol: /^https?$/ }).max(4096);

/** An object to read: a signed GET URL and the expected hash of its bytes. */
const readSchema = z.strictObject({ url: transferUrlSchema, sha256: sha256Schema });

/** An object to write: its storage key and a signed PUT URL. */
const writeSchema = z.strictObject({ key: z.string().min(1).max(512), url: transferUrlSchema });

/** A written object: enough for the edge to check that storage holds it. */
const writtenSchema = z.object({
  key: z.string(),
  bytes: z.int().positive(),
  sha256: sha256Schema,
  width: z.int().positive(),
  height: z.int().positive(),
  content_type: z.string(),
});

export type Written = z.output<typeof writtenSchema>;

const taskFields = {
  /** One run per pair of id and attempt; a higher attempt ends the runs of lower ones. */
  request_id: z.string().min(1).max(128),
  attempt: z.int().min(1).default(1),
  /** HMAC of the account: caches of one tenant never serve another. */
  tenant: sha256Schema,
  /** The model that the caller charged for; a function that runs another model refuses the task. */
  model: z.string().optional(),
  photo: readSchema,
  /** What PASL locates, each separately; the mask is their union. */
  locate: z.array(promptSchema).min(1).max(8),
  mask_options: maskOptionsSchema,
  /** The face to edit, if no mask determines it. */
  face: faceChoiceSchema.optional(),
};

/** `POST /mask`: locate the region of a prompt, write the finished mask and the located one. */
export const maskTaskSchema = z.strictObject({
  ...taskFields,
  put: z.strictObject({ mask: writeSchema, located: writeSchema }),
});

export type MaskTask = z.output<typeof maskTaskSchema>;

/**
 * `POST /look`: checks an edit without the model, before it is charged. Answered at once, even while the model loads
 * and during runs: null, or why the edit would be refused before its first evaluation.
 */
export const lookTaskSchema = z.strictObject({
  /** The model that the caller would charge for; a function that runs another model cannot check the edit. */
  model: z.string().optional(),
  prompt: promptSchema,
  source_prompt: promptSchema,
  locate: taskFields.locate,
  face: faceChoiceSchema.optional(),
  /** Null if a mask determines the region. */
  photo: readSchema.nullable(),
});

export type LookTask = z.output<typeof lookTaskSchema>;

export const lookAnswerSchema = z.object({
  refused: z.object({ code: problemCodeSchema, detail: z.string() }).nullable(),
});

export type LookAnswer = z.output<typeof lookAnswerSchema>;

/**
 * `POST /forget`: erases what the function's memory holds of a photo (inversions, events of finished runs), or of one
 * edit's run. Answered with 204 at once; anything held would expire by itself after ten minutes.
 */
export const forgetTaskSchema = z.union([
  z.strictObject({ tenant: sha256Schema, photo_sha256: sha256Schema }),
  z.strictObject({ request_id: taskFields.request_id }),
]);

export type ForgetTask = z.output<typeof forgetTaskSchema>;

/** How long the GPU function keeps data of a finished run, in milliseconds. */
export const KEPT_IN_MEMORY_MS = 600_000;

/** What an edit's result discloses about its origin: content credentials (C2PA) and an invisible watermark. */
const provenanceChoiceSchema = z.strictObject({
  c2pa: z.boolean().default(true),
  watermark: z.boolean().default(true),
});

export type ProvenanceChoice = z.output<typeof provenanceChoiceSchema>;

/** `POST /edit`: one edit. */
export const editTaskSchema = z.strictObject({
  ...taskFields,
  prompt: promptSchema,
  source_prompt: promptSchema,
  mask: z.discriminatedUnion("source", [
    z.strictObject({ source: z.literal("pasl") }),
    /** A mask located before, as `put.located` received it. */
    z.strictObject({ source: z.literal("cache"), ...readSchema.shape }),
    /** A mask the user drew, of the photo's size. */
    z.strictObject({ source: z.literal("user"), ...readSchema.shape }),
  ]),
  schedule: scheduleSchema,
  composite: z.enum(["paste-back", "none"]),
  output: z.strictObject({
    format: z.enum(IMAGE_FORMATS),
    quality: z.int().min(1).max(100).optional(),
  }),
  provenance: provenanceChoiceSchema.prefault({}),
  /** `located` is written only if PASL runs; `previews` one after the other as the edit progresses, or none. */
  put: z.strictObject({
    mask: writeSchema,
    located: writeSchema,
    result: writeSchema,
    previews: z.array(writeSchema).max(8).default([]),
  }),
  /** Milliseconds left, counted from the arrival of the task. */
  deadline_ms: z.int().min(1),
});

export type EditTask = z.output<typeof editTaskSchema>;

export const preservationSchema = z.object({
  /** PSNR in dB and SSIM to the source outside the mask, before paste-back; infinite PSNR is given as 100. */
  psnr_outside_db: z.number(),
  ssim_outside: z.number(),
});

/**
 * What the result really carries: a deployment without a key cannot sign, a region may be too small for the watermark.
 */
const provenanceSchema = z.object({
  c2pa: z.boolean(),
  watermark: z.enum(["held", "weak", "none"]),
});

export type Provenance = z.output<typeof provenanceSchema>;

export const regionShareSchema = z.object({ prompt: z.string(), coverage: z.number().min(0).max(1) });

export type RegionShare = z.output<typeof regionShareSchema>;

const maskEventSchema = z.object({
  event: z.literal("mask"),
  source: z.enum(["pasl", "cache", "user"]),
  /** Mean of the finished mask over the photo, 0…1. */
  coverage: z.number().min(0).max(1),
  mask: writtenSchema,
  /** Null if nothing was located in this run. */
  located: writtenSchema.nullable(),
  regions: z.array(regionShareSchema),
  /** Every face of the photo, the one that is edited by default first. */
  faces: z.array(faceSchema).max(FACES_MAX).optional(),
  fusion: fusionSchema.optional(),
});

const succeededEventSchema = z.object({
  event: z.literal("succeeded"),
  image: writtenSchema,
  /** Null if the mask covers the whole square. */
  preservation: preservationSchema.nullable(),
  timings: z.object({
    mask_ms: z.number().min(0),
    inversion_ms: z.number().min(0),
    edit_ms: z.number().min(0),
    total_ms: z.number().min(0),
    tokens: tokensSchema.optional(),
  }),
  evaluations: z.int().min(0),
  cache: z.object({ inversion: z.boolean() }),
  /** The words that the model read instead of the prompt; null if it read the prompt itself. */
  read_as: z.string().nullable().default(null),
  /** What was left out of the prompt, and why: one sentence each. */
  warnings: z.array(z.string()).default([]),
  provenance: provenanceSchema.optional(),
  model: z.object({ id: z.string(), version: z.string() }),
});

const failedEventSchema = z.object({
  event: z.literal("failed"),
  code: problemCodeSchema,
  detail: z.string(),
  /** Whether the same task may succeed elsewhere: false for bad input, true for a fault of the machine. */
  retryable: z.boolean(),
  /** With `moderated`: the policy that refuses. */
  policy: policySchema.optional(),
});

/**
 * One line of the answer. A stream of `/edit` ends with `succeeded`, `failed`, `interrupted` or `canceled`, one of
 * `/mask` with `mask`, `failed`, `interrupted` or `canceled`; any other end means that the stream was cut.
 */
export const gpuEventSchema = z.discriminatedUnion("event", [
  /** The model is still loading; the run starts once it is loaded. */
  z.object({ event: z.literal("loading"), elapsed_ms: z.number().min(0) }),
  z.object({ event: z.literal("started") }),
  z.object({ event: z.literal("progress"), ...progressSchema.shape, eta_ms: z.number().min(0).nullable() }),
  z.object({ event: z.literal("heartbeat") }),
  maskEventSchema,
  /** A small picture of the current estimate, in the next of the task's preview objects. */
  z.object({ event: z.literal("preview"), image: writtenSchema }),
  succeededEventSchema,
  failedEventSchema,
  /** The machine is being taken away: the same task may run on another one, as a new attempt. */
  z.object({ event: z.literal("interrupted") }),
  z.object({ event: z.literal("canceled") }),
]);

export type GpuEvent = z.output<typeof gpuEventSchema>;

/** The phases of a cold start, in order: until the manifest is read, the sessions are open, and one edit was made. */
export const COLD_START_PHASES = ["starting", "loading", "warming"] as const;

/** `GET /healthz` of the GPU function: 200 as long as the process lives. */
export const gpuHealthSchema = z.object({
  status: z.enum([...COLD_START_PHASES, "ready", "failed"]),
  busy: z.boolean(),
  /** Null until the manifest is read; `pasl` is the mask locator's version, as in `ModelCard`. */
  model: z.object({ id: z.string(), version: z.string(), pasl: z.string().optional() }).nullable(),
  uptime_ms: z.number().min(0),
  /** Duration of each phase of the latest cold start, so far if it is still running, in milliseconds. */
  phases: z.array(z.object({ phase: z.enum(COLD_START_PHASES), ms: z.number().min(0) })).default([]),
  /** Inversions kept for the next edit of their photo; null while no model is loaded. */
  inversions: z
    .object({
      hits: z.int().min(0),
      misses: z.int().min(0),
      entries: z.int().min(0),
      bytes: z.int().min(0),
    })
    .nullable()
    .default(null),
  moderation: moderationStateSchema.optional(),
});

export type GpuHealth = z.output<typeof gpuHealthSchema>;
