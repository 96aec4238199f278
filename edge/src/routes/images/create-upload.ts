import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { newId } from "../../../../shared/ids.ts";
import { type Upload, uploadRequestSchema, uploadSchema } from "../../../../shared/sign.ts";
import type { AppEnv } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { bodyLength } from "../../middleware/body-length.ts";
import { idempotencyHeaders, once } from "../../middleware/idempotency.ts";
import { requireKeyOrToken } from "../../middleware/require-token.ts";
import { BODY_REFUSALS, json, jsonBody, KEY_OR_TOKEN, KEY_REFUSALS } from "../../openapi/answers.ts";
import { grantedUpload, tokenUrl } from "../../tokens/grants.ts";
import { sealToken } from "../../tokens/token.ts";
import { usedUp } from "../../tokens/uses.ts";

const BODY_BYTES = 1_000;

const route = createRoute({
  method: "post",
  path: "/v1/uploads",
  operationId: "createUpload",
  tags: ["signed use"],
  summary: "Sign a URL to upload one image to",
  description: `For a phone or a browser that has no key: \`PUT\` the file to \`url\` within the hour, with the same
\`Content-Type\`. The image has its id from the start and is unknown until the file is there.`,
  security: KEY_OR_TOKEN,
  middleware: [requireKeyOrToken("upload", { scope: "images" }), bodyLength(BODY_BYTES)] as const,
  request: { headers: idempotencyHeaders, body: jsonBody(uploadRequestSchema) },
  responses: { 200: json(uploadSchema, "Where to upload to."), ...KEY_REFUSALS, ...BODY_REFUSALS },
});

/** `POST /v1/uploads` */
export const createUpload = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const request = c.req.valid("json");
  const { id, key, account, permit } = c.get("caller");
  const { value } = await once<Upload>(c, account, request, async () => {
    const { signingSecrets, PUBLIC_URL } = settingsOf(c.env);
    if (permit !== undefined && !(await account.useToken(permit.use))) throw usedUp();
    const image = newId("img");
    const until = permit?.claims.exp ?? Number.POSITIVE_INFINITY;
    const claims = grantedUpload({ account: id, key: key.id }, image, request, Date.now(), until);
    const url = tokenUrl(PUBLIC_URL, claims.act, await sealToken(signingSecrets, claims));
    return {
      status: 200,
      value: { image_id: image, url, expires_at: new Date(claims.exp * 1000).toISOString() },
      subject: image,
    };
  });
  return c.json(value, 200);
});
