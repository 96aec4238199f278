import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { imageSchema } from "../../../../shared/answers.ts";
import { IMAGE_LIMITS, PHOTO_TYPES } from "../../../../shared/image.ts";
import type { AppEnv } from "../../context.ts";
import { photoTypeOf } from "../../images/content-type.ts";
import { inspect } from "../../images/inspect.ts";
import { describeImage } from "../../images/present.ts";
import { readBody } from "../../images/read-body.ts";
import { storeImage, uploadOf } from "../../images/store.ts";
import { announcedLength } from "../../middleware/body-length.ts";
import { idempotencyHeaders, once } from "../../middleware/idempotency.ts";
import { requireKey } from "../../middleware/require-key.ts";
import { BODY_REFUSALS, json, KEY_REFUSALS, SECURED } from "../../openapi/answers.ts";
import { Refusal } from "../../problem.ts";

const binary = { schema: { type: "string" as const, format: "binary" } };

const route = createRoute({
  method: "post",
  path: "/v1/images",
  tags: ["images"],
  summary: "Upload a photo or a mask",
  description: "The body is the file itself: at most 15 MB and 25 megapixels, at least 64 pixels a side.",
  security: SECURED,
  middleware: [requireKey({ scope: "images" })] as const,
  request: {
    headers: idempotencyHeaders,
    body: {
      required: true,
      content: Object.fromEntries(PHOTO_TYPES.map((type) => [type, binary])),
    },
  },
  responses: { 201: json(imageSchema, "The image is stored."), ...KEY_REFUSALS, ...BODY_REFUSALS },
});

/** `POST /v1/images` */
export const createImage = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const declared = photoTypeOf(c.req.header("Content-Type"));
  if (declared === null)
    throw new Refusal("unsupported_media", "send image/jpeg, image/png, image/webp or image/avif");
  const length = announcedLength(c.req.header("Content-Length"), IMAGE_LIMITS.bytes);
  const bytes = await readBody(c.req.raw.body, length);
  const upload = await uploadOf(bytes, inspect(bytes, declared));
  const caller = c.get("caller");
  const { value } = await once(c, caller.account, { sha256: upload.sha256, type: declared }, async () => ({
    status: 201,
    value: describeImage(await storeImage(c.env, caller, upload)),
  }));
  return c.json(value, 201);
});
