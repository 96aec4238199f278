import { z } from "zod";
import { idSchema } from "./ids.ts";
import { IMAGE_LIMITS, PHOTO_TYPES } from "./image.ts";
import { PRESETS, type PresetName } from "./presets.ts";
import { promptSchema } from "./prompt.ts";

/** What a token lets its bearer do on behalf of the account that signed it. */
const TOKEN_ACTIONS = ["edit", "upload", "render"] as const;

export type TokenAction = (typeof TOKEN_ACTIONS)[number];

const DAY_S = 86_400;

/** Maximum lifetime of a token in seconds: a week for a token that acts; a month for an image's address. */
export const TOKEN_LIFE_S = { edit: 7 * DAY_S, upload: 7 * DAY_S, render: 30 * DAY_S } as const;

/** Lifetime of an upload's PUT URL, in seconds. */
export const UPLOAD_LIFE_S = 3_600;

const presetSchema = z.enum(Object.keys(PRESETS) as [PresetName, ...PresetName[]]);
const usesSchema = z.int().min(1).max(1_000_000);
/** Maximum price of one edit with the token, in credits. */
const creditsSchema = z.int().min(1).max(1_000_000);

const expiresIn = (action: TokenAction) => z.int().min(1).max(TOKEN_LIFE_S[action]);

/** `max_uses` counts accepted edits (or issued upload URLs); without it only the time ends a token. */
const signEditSchema = z
  .strictObject({
    action: z.literal("edit"),
    expires_in: expiresIn("edit"),
    max_uses: usesSchema.optional(),
    /** Absent constraints allow anything; a list holds everything that is allowed, each prompt word for word. */
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

/** A render is one edit: one image, one prompt, at most one preset (`paper` by default). */
const signRenderSchema = z
  .strictObject({
    action: z.literal("render"),
    expires_in: expiresIn("render"),
    /** Renders run once, no matter how often they are viewed: `max_uses` does not apply. */
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

/** A token, and the URL where it is used: of a render, the image's own address. */
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

/** `POST /v1/uploads`: what will be uploaded; `bytes`, if given, is the maximum size of the body. */
export const uploadRequestSchema = z
  .strictObject({
    content_type: z.enum(PHOTO_TYPES),
    bytes: z.int().min(1).max(IMAGE_LIMITS.bytes).optional(),
  })
  .meta({ id: "UploadRequest", example: { content_type: "image/jpeg", bytes: 482_113 } });

export type UploadRequest = z.output<typeof uploadRequestSchema>;

/** Where to PUT the image, once and without a key; its id is unknown until then. */
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
