import { z } from "zod";

import { editSchema } from "./edit.ts";
import { regionShareSchema } from "./gpu.ts";
import { idSchema } from "./ids.ts";
import { PHOTO_TYPES } from "./image.ts";
import { FACES_MAX, faceSchema, fusionSchema } from "./mask.ts";
import { SCOPES } from "./scopes.ts";

/** Answers of the public API other than the edit itself: what the routes return, and what the typed client reads. */

const timeSchema = z.iso.datetime();

/** `POST /v1/images` */
export const imageSchema = z
  .object({
    id: idSchema("img"),
    width: z.int().meta({ description: "Pixels as shown upright." }),
    height: z.int(),
    bytes: z.int(),
    content_type: z.enum(PHOTO_TYPES),
    expires_at: timeSchema,
  })
  .meta({
    id: "Image",
    example: {
      id: "img_01hxq7zm4w9v8k2c5t3r6n0pbd",
      width: 1024,
      height: 1280,
      bytes: 482_113,
      content_type: "image/jpeg",
      expires_at: "2026-11-25T09:30:00.000Z",
    },
  });

export type Image = z.output<typeof imageSchema>;

/** `POST /v1/masks` */
export const maskSchema = z
  .object({
    mask: z.object({
      id: idSchema("img").meta({ description: "Takes the place of `mask` in an edit." }),
      url: z.url(),
      width: z.int(),
      height: z.int(),
      coverage: z.number().min(0).max(1),
      source: z.enum(["pasl", "cache"]),
      fusion: fusionSchema
        .nullable()
        .meta({ description: "Which tokens are edited; `url` is the mask of the pixels that are replaced." }),
    }),
    regions: z.array(regionShareSchema),
    faces: z.array(faceSchema).max(FACES_MAX).meta({
      description: "Every face of the photo; the first is edited unless `face` names another one.",
    }),
  })
  .meta({
    id: "Mask",
    example: {
      mask: {
        id: "img_01hxq7zm4w9v8k2c5t3r6n0pbd",
        url: "https://flux-sculptor.example.com/v1/files/acct_01hxq7zm4w9v8k2c5t3r6n0pbd/masks/1?expires=1795600800&signature=b03d",
        width: 1024,
        height: 1280,
        coverage: 0.083,
        source: "pasl",
        fusion: null,
      },
      regions: [{ prompt: "a woman wearing glasses", coverage: 0.083 }],
      faces: [{ left: 402, top: 310, width: 236, height: 251 }],
    },
  });

export type Mask = z.output<typeof maskSchema>;

/** `GET /v1/account` */
export const accountSchema = z
  .object({
    id: idSchema("acct"),
    name: z.string(),
    balance: z
      .int()
      .meta({ description: "Credits that may be spent: what came in less captures and holds." }),
    held: z.int().meta({ description: "Credits held for edits that are not final." }),
    webhook_secret: z
      .string()
      .optional()
      .meta({ description: "`whsec_…`, by which webhooks are checked; for keys with the scope `edits`." }),
    key: z.object({
      id: idSchema("key"),
      name: z.string(),
      scopes: z.array(z.enum(SCOPES)),
      limits: z.object({ requests: z.int(), edits: z.int() }),
    }),
  })
  .meta({
    id: "Account",
    example: {
      id: "acct_01hxq7zm4w9v8k2c5t3r6n0pbd",
      name: "Example Ltd",
      balance: 9_990,
      held: 10,
      key: {
        id: "key_01hxq7zm4w9v8k2c5t3r6n0pbd",
        name: "server",
        scopes: ["edits", "images"],
        limits: { requests: 1200, edits: 60 },
      },
    },
  });

export type Account = z.output<typeof accountSchema>;

/** `GET /v1/edits`: newest first; the cursor leads to the page of older edits, and is null on the last page. */
export const editPageSchema = z
  .object({ data: z.array(editSchema), next_cursor: z.string().nullable(), has_more: z.boolean() })
  .meta({ id: "EditPage", example: { data: [], next_cursor: null, has_more: false } });

export type EditPage = z.output<typeof editPageSchema>;
