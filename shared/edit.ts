import { z } from "zod";
import { preservationSchema, regionShareSchema } from "./gpu.ts";
import { IMAGE_FORMATS } from "./image.ts";
import { faceChoiceSchema, fusionSchema, maskOptionsSchema } from "./mask.ts";
import { policySchema } from "./moderation/policies.ts";
import { maskPictureSchema, pictureSchema } from "./picture-field.ts";
import { PRESETS, type PresetName } from "./presets.ts";
import { problemCodeSchema } from "./problem.ts";
import { sourcePromptSchema } from "./prompt.ts";
import { promptFields, resolvePrompts } from "./prompt-fields.ts";
import { scheduleSchema } from "./schedule.ts";
import { tokensSchema } from "./tokens.ts";

/** Maximum deadline a client may request, and the default. */
export const DEADLINE_MS = { max: 900_000, default: 600_000 } as const;

/** A preset's name, or a custom schedule. */
export const scheduleChoiceSchema = z
  .union([z.enum(Object.keys(PRESETS) as [PresetName, ...PresetName[]]), scheduleSchema])
  .default("paper");

const outputSchema = z
  .strictObject({
    format: z.enum(IMAGE_FORMATS).default("png"),
    quality: z.int().min(1).max(100).optional().meta({ description: "Of JPEG and WebP." }),
  })
  .meta({ id: "Output" })
  .prefault({});

const METADATA_PAIRS = 16;
const METADATA_KEY = 40;

export const metadataSchema = z
  .record(z.string().min(1).max(METADATA_KEY), z.string().max(500))
  .refine((entries) => Object.keys(entries).length <= METADATA_PAIRS, `at most ${METADATA_PAIRS} pairs`)
  .meta({ maxProperties: METADATA_PAIRS, propertyNames: { minLength: 1, maxLength: METADATA_KEY } });

/** Fields of an edit request, also for schemas that take pictures in another form. */
export const editFields = {
  ...promptFields,
  image: pictureSchema,
  source_prompt: sourcePromptSchema,
  mask: maskPictureSchema,
  mask_options: maskOptionsSchema,
  face: faceChoiceSchema.optional(),
  schedule: scheduleChoiceSchema,
  composite: z.enum(["paste-back", "none"]).default("paste-back"),
  output: outputSchema,
  webhook_url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
  deadline_ms: z.int().min(1_000).max(DEADLINE_MS.max).default(DEADLINE_MS.default),
  metadata: metadataSchema.default({}),
};

/**
 * `POST /v1/edits` as JSON. In multipart/form-data `image` and `mask` may be files; other fields are text or JSON. The
 * parsed value has the single `prompt` that the model reads, and `locate`, its attributes.
 */
export const editRequestSchema = z
  .strictObject(editFields)
  .meta({
    id: "EditRequest",
    description: "Either `prompt` or `edits` is needed, and not both.",
    example: {
      image: "img_01hxq7zm4w9v8k2c5t3r6n0pbd",
      source_prompt: "a woman",
      prompt: "a woman wearing glasses",
    },
  })
  .transform(resolvePrompts);

export type EditRequestBody = z.output<typeof editRequestSchema>;

export const EDIT_STATUSES = ["queued", "running", "succeeded", "failed", "canceled"] as const;

export type EditStatus = (typeof EDIT_STATUSES)[number];

/** Whether an edit has ended: its status no longer changes. */
export function isFinal({ status }: { readonly status: EditStatus }): boolean {
  return status !== "queued" && status !== "running";
}

const ORIGIN = "https://flux-sculptor.example.com";
const SELF = `${ORIGIN}/v1/edits/edit_01hxq7zm4w9v8k2c5t3r6n0pbd`;
const FILES = `${ORIGIN}/v1/files/acct_01hxq7zm4w9v8k2c5t3r6n0pbd`;

/** An edit that succeeded. */
export const EDIT_EXAMPLE = {
  id: "edit_01hxq7zm4w9v8k2c5t3r6n0pbd",
  status: "succeeded",
  created_at: "2026-11-24T09:30:00.000Z",
  started_at: "2026-11-24T09:30:00.400Z",
  finished_at: "2026-11-24T09:30:07.700Z",
  image: {
    url: `${FILES}/edits/result?expires=1795600800&signature=9c1f`,
    width: 1024,
    height: 1280,
    content_type: "image/png",
  },
  mask: {
    url: `${FILES}/edits/mask?expires=1795600800&signature=b03d`,
    coverage: 0.083,
    source: "pasl",
    fusion: null,
  },
  regions: [{ prompt: "a woman wearing glasses", coverage: 0.083 }],
  read_as: null,
  warnings: [],
  preservation: { psnr_outside_db: 33.4, ssim_outside: 0.962 },
  timings: {
    queue_ms: 400,
    mask_ms: 180,
    inversion_ms: 3_310,
    edit_ms: 3_420,
    total_ms: 7_300,
    evaluations: 120,
  },
  cache: { mask: false, inversion: false },
  model: { id: "mini", version: "0.3.0" },
  usage: { credits: 1 },
  error: null,
  metadata: { order: "1044" },
  urls: { self: SELF, events: `${SELF}/events`, cancel: `${SELF}/cancel` },
};

/** An edit as every route and every webhook shows it. Times are RFC 3339 in UTC; URLs are signed and expire. */
export const editSchema = z
  .object({
    id: z.string(),
    status: z.enum(EDIT_STATUSES),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().nullable(),
    finished_at: z.iso.datetime().nullable(),
    image: z.object({ url: z.url(), width: z.int(), height: z.int(), content_type: z.string() }).nullable(),
    mask: z
      .object({
        url: z.url(),
        coverage: z.number().min(0).max(1),
        source: z.enum(["pasl", "cache", "user"]),
        fusion: fusionSchema.nullable().meta({
          description: "Which tokens are edited; `url` is the mask of the pixels that are replaced.",
        }),
      })
      .nullable(),
    regions: z.array(regionShareSchema),
    read_as: z.string().nullable().meta({
      description: "What the model read in place of the prompt, in words it was taught; null if the prompt.",
    }),
    warnings: z
      .array(z.string())
      .meta({ description: "What of the prompt was left out, and why: a sentence each." }),
    preservation: preservationSchema.nullable(),
    timings: z
      .object({
        queue_ms: z.number(),
        mask_ms: z.number(),
        inversion_ms: z.number(),
        edit_ms: z.number(),
        total_ms: z.number(),
        evaluations: z.int(),
        tokens: tokensSchema.optional(),
      })
      .nullable(),
    cache: z.object({ mask: z.boolean(), inversion: z.boolean() }),
    model: z.object({ id: z.string(), version: z.string() }),
    usage: z.object({ credits: z.int().min(0) }),
    error: z
      .object({ code: problemCodeSchema, detail: z.string(), policy: policySchema.optional() })
      .nullable(),
    metadata: z.record(z.string(), z.string()),
    urls: z.object({ self: z.url(), events: z.url(), cancel: z.url() }),
  })
  .meta({
    id: "Edit",
    example: EDIT_EXAMPLE,
  });

export type Edit = z.output<typeof editSchema>;
