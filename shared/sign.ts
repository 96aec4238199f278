import { z } from "zod";
import { idSchema } from "./ids.ts";
import { IMAGE_LIMITS, PHOTO_TYPES } from "./image.ts";
import { PRESETS, type PresetName } from "./presets.ts";
import { promptSchema } from "./prompt.ts";

/** What a token lets its bearer do, on behalf of the account that signed it. */
export const TOKEN_ACTIONS = ["edit", "upload", "render"] as const;

export type TokenAction = (typeof TOKEN_ACTIONS)[number];

const DAY_S = 86_400;

/** Longest life of a token in seconds: who holds one may act, so a week; an image's address may stay a month. */
export const TOKEN_LIFE_S = { edit: 7 * DAY_S, upload: 7 * DAY_S, render: 30 * DAY_S } as const;

/** How long the PUT URL of an upload is good for, in seconds. */
export const UPLOAD_LIFE_S = 3_600;

const presetSchema = z.enum(Object.keys(PRESETS) as [PresetName, ...PresetName[]]);
const usesSchema = z.int().min(1).max(1_000_000);
/** The most credits that one edit under the token may cost. */
const creditsSchema = z.int().min(1).max(1_000_000);

const expiresIn = (action: TokenAction) => z.int().min(1).max(TOKEN_LIFE_S[action]);

/** `max_uses` counts accepted edits (or upload URLs given out); without it only the time ends a token. */
const signEditSchema = z
  .strictObject({
    action: z.literal("edit"),
    expires_in: expiresIn("edit"),
    max_uses: usesSchema.optional(),
    /** What is absent is free; a list holds all that is allowed, each prompt word for word. */
    constraints: z
      .strictObject({
        image: idSchema("img").optional(),
        prompts: z.array(promptSchema).min(1).max(20).optional(),
        presets: z.array(presetSchema).min(1).max(20).optional(),
        max_credits: creditsSchema.optional(),
      })
      .optional(),
  })
  .meta({ id: "SignEdit" });

const signUploadSchema = z
  .strictObject({
    action: z.literal("upload"),
    expires_in: expiresIn("upload"),
    max_uses: usesSchema.optional(),
    constraints: z.strictObject({}).optional(),
  })
  .meta({ id: "SignUpload" });

/** A render is one edit: one image, one prompt, at most one preset (`paper` where none is named). */
const signRenderSchema = z
  .strictObject({
    action: z.literal("render"),
    expires_in: expiresIn("render"),
    /** Renders run once, however often they are looked at: any number of uses holds. */
    max_uses: usesSchema.optional(),
    constraints: z.strictObject({
      image: idSchema("img"),
      prompts: z.array(promptSchema).min(1).max(1),
      presets: z.array(presetSchema).min(1).max(1).optional(),
      max_credits: creditsSchema.optional(),
    }),
  })
  .meta({ id: "SignRender" });

/** `POST /v1/sign`. `expires_in` is in seconds: at most 7 days for `edit` and `upload`, 30 for `render`. */
export const signRequestSchema = z
  .discriminatedUnion("action", [signEditSchema, signUploadSchema, signRenderSchema])
  .meta({
    id: "SignRequest",
    example: {
      action: "edit",
      expires_in: 3_600,
      max_uses: 3,
      constraints: { image: "img_01hxq7zm4w9v8k2c5t3r6n0pbd", prompts: ["a woman wearing glasses"] },
    },
  });

export type SignRequest = z.output<typeof signRequestSchema>;

/** A token, and the URL it is for: of a render, the image's own address. */
export const signedSchema = z
  .object({
    url: z.url(),
    token: z.string(),
    expires_at: z.iso.datetime(),
    image_expires_at: z.iso.datetime().nullable().meta({
      description:
        "When the photo that the token names is erased, null if it names none: a token that lives longer finds nothing then. An image that was rendered stays for the retention of its edit.",
    }),
  })
  .meta({
    id: "SignedToken",
    example: {
      url: "https://flux-sculptor.example.com/v1/edits?token=eyJhbGciOiJkaXIi",
      token: "eyJhbGciOiJkaXIi…",
      expires_at: "2026-11-24T10:30:00.000Z",
      image_expires_at: "2026-11-25T09:30:00.000Z",
    },
  });

export type Signed = z.output<typeof signedSchema>;

/** `POST /v1/uploads`: what will be uploaded; `bytes`, where given, is the most that the body may have. */
export const uploadRequestSchema = z
  .strictObject({
    content_type: z.enum(PHOTO_TYPES),
    bytes: z.int().min(1).max(IMAGE_LIMITS.bytes).optional(),
  })
  .meta({ id: "UploadRequest", example: { content_type: "image/jpeg", bytes: 482_113 } });

export type UploadRequest = z.output<typeof uploadRequestSchema>;

/** Where to PUT the image, without a key and once; its id is unknown until that is done. */
export const uploadSchema = z
  .object({ image_id: z.string(), url: z.url(), expires_at: z.iso.datetime() })
  .meta({
    id: "Upload",
    example: {
      image_id: "img_01hxq7zm4w9v8k2c5t3r6n0pbd",
      url: "https://flux-sculptor.example.com/v1/uploads/eyJhbGciOiJkaXIi",
      expires_at: "2026-11-24T10:30:00.000Z",
    },
  });

export type Upload = z.output<typeof uploadSchema>;
