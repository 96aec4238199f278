import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { imageSchema } from "../../../../shared/answers.ts";
import { IMAGE_LIMITS } from "../../../../shared/image.ts";
import type { AppEnv } from "../../context.ts";
import { refuseOtherThanFile } from "../../images/content-type.ts";
import { inspect } from "../../images/inspect.ts";
import { describeImage } from "../../images/present.ts";
import { readBody } from "../../images/read-body.ts";
import { storeImage, uploadOf } from "../../images/store.ts";
import { holding } from "../../limits/held-bodies.ts";
import { announcedLength } from "../../middleware/body-length.ts";
import { idempotencyHeaders, once } from "../../middleware/idempotency.ts";
import { requireKey } from "../../middleware/require-key.ts";
import { BODY_REFUSALS, json, KEY_REFUSALS, refusals, SECURED } from "../../openapi/answers.ts";
import { imageBody } from "../../openapi/image-body.ts";

const route = createRoute({
  method: "post",
  path: "/v1/images",
  operationId: "createImage",
  tags: ["images"],
  summary: "Upload a photo or a mask",
  description:
    "The body is the file itself: JPEG, PNG, WebP or AVIF, at most 15 MB and 25 megapixels, at least 64 pixels a side. Its content decides what it is, not the Content-Type.",
  security: SECURED,
  middleware: [requireKey({ scope: "images" })] as const,
  request: {
    headers: idempotencyHeaders,
    body: imageBody,
  },
  responses: {
    201: json(imageSchema, "The image is stored."),
    ...KEY_REFUSALS,
    ...BODY_REFUSALS,
    ...refusals(503),
  },
});

/** `POST /v1/images` */
export const createImage = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  refuseOtherThanFile(c.req.header("Content-Type"));
  const length = announcedLength(c.req.header("Content-Length"), IMAGE_LIMITS.bytes);
  const caller = c.get("caller");
  const { value } = await holding(length, async () => {
    const bytes = await readBody(c.req.raw.body, length);
    const upload = await uploadOf(bytes, inspect(bytes));
    return once(c, caller.account, { sha256: upload.sha256 }, async () => {
      const image = describeImage(await storeImage(c.env, caller, upload));
      return { status: 201, value: image, subject: image.id };
    });
  });
  return c.json(value, 201);
});
