import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { type Signed, signedSchema, signRequestSchema } from "../../../../shared/sign.ts";
import type { AppEnv } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { bodyLength } from "../../middleware/body-length.ts";
import { idempotencyHeaders, once } from "../../middleware/idempotency.ts";
import { requireKey } from "../../middleware/require-key.ts";
import { refuseWords } from "../../moderation/refuse.ts";
import { BODY_REFUSALS, json, jsonBody, KEY_REFUSALS, refusals, SECURED } from "../../openapi/answers.ts";
import { notFound } from "../../problem.ts";
import { granted, tokenUrl } from "../../tokens/grants.ts";
import { sealToken } from "../../tokens/token.ts";

/** Twenty prompts of 500 characters, escaped in JSON in the worst case. */
const BODY_BYTES = 100_000;

const DESCRIPTION = `A token lets an app or a page act for the account without its key, within \`constraints\`:

- \`edit\`: \`POST /v1/edits?token=…\`, masks of its image, and reading, events and cancelling of the edits it made;
- \`upload\`: \`POST /v1/uploads?token=…\`;
- \`render\`: \`url\` is an image's address, made by one edit of one image and one prompt on the first request.

\`max_uses\` counts edits accepted and uploads started. \`max_credits\` is what one edit may cost. Tokens are encrypted.
To take one back, revoke the key that signed it.`;

const route = createRoute({
  method: "post",
  path: "/v1/sign",
  operationId: "createToken",
  tags: ["signed use"],
  summary: "Sign a token for an app",
  description: DESCRIPTION,
  security: SECURED,
  middleware: [requireKey({ scope: "sign" }), bodyLength(BODY_BYTES)] as const,
  request: { headers: idempotencyHeaders, body: jsonBody(signRequestSchema) },
  responses: {
    200: json(signedSchema, "The token is good from now on."),
    ...KEY_REFUSALS,
    ...BODY_REFUSALS,
    ...refusals(404),
  },
});

/** `POST /v1/sign` */
export const createToken = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const request = c.req.valid("json");
  const { id, key, account } = c.get("caller");
  const { value } = await once<Signed>(c, account, request, async () => {
    if (request.action !== "upload") await refuseWords(settingsOf(c.env), request.constraints?.prompts ?? []);
    const image = request.action === "upload" ? undefined : request.constraints?.image;
    const photo = image === undefined ? null : await account.image(image);
    if (image !== undefined && photo === null) throw notFound("image");
    const { signingSecrets, PUBLIC_URL } = settingsOf(c.env);
    const claims = await granted({ account: id, key: key.id }, request, Date.now());
    const token = await sealToken(signingSecrets, claims);
    const url = tokenUrl(PUBLIC_URL, claims.act, token);
    return {
      status: 200,
      value: {
        url,
        token,
        expires_at: new Date(claims.exp * 1000).toISOString(),
        image_expires_at: photo && new Date(photo.expiresAt).toISOString(),
      },
    };
  });
  return c.json(value, 200);
});
