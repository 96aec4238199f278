import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { imageSchema } from "../../../../shared/answers.ts";
import type { AppEnv } from "../../context.ts";
import { refuseOtherThanFile } from "../../images/content-type.ts";
import { inspect } from "../../images/inspect.ts";
import { describeImage } from "../../images/present.ts";
import { readBody } from "../../images/read-body.ts";
import { uploadOf } from "../../images/store.ts";
import { holding } from "../../limits/held-bodies.ts";
import { announcedLength } from "../../middleware/body-length.ts";
import { json, refusals } from "../../openapi/answers.ts";
import { imageBody } from "../../openapi/image-body.ts";
import { openBearer } from "../../tokens/bearer.ts";
import { keepUpload, usedUpload } from "../../tokens/upload.ts";

const route = createRoute({
  method: "put",
  path: "/v1/uploads/{token}",
  operationId: "putUpload",
  tags: ["signed use"],
  summary: "Upload an image to its signed URL",
  description:
    "Once, and at most of the size that was signed. Needs no key; browsers may. The file's content decides what it is, not the Content-Type.",
  request: {
    params: z.object({ token: z.string().meta({ example: "eyJhbGciOiJkaXIi…" }) }),
    body: imageBody,
  },
  responses: {
    201: json(imageSchema, "The image is stored."),
    ...refusals(400, 403, 409, 411, 413, 415, 422, 503),
  },
});

/** `PUT /v1/uploads/{token}` */
export const putUpload = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const bearer = await openBearer(c, c.req.valid("param").token, "put");
  const { claims, uses } = bearer;
  if (uses > 0) throw usedUpload();
  refuseOtherThanFile(c.req.header("Content-Type"));
  const length = announcedLength(c.req.header("Content-Length"), claims.bytes);
  const image = await holding(length, async () => {
    const bytes = await readBody(c.req.raw.body, length);
    return keepUpload(c.env, bearer, await uploadOf(bytes, inspect(bytes)));
  });
  return c.json(describeImage(image), 201);
});
