import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "../../context.ts";
import { idempotencyHeaders, once } from "../../middleware/idempotency.ts";
import { requireKey } from "../../middleware/require-key.ts";
import { json, KEY_REFUSALS, refusals, SECURED } from "../../openapi/answers.ts";

const answerSchema = z.object({ webhook_secret: z.string() }).meta({
  id: "WebhookSecret",
  example: { webhook_secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=" },
});

const route = createRoute({
  method: "post",
  path: "/v1/account/webhook-secret",
  operationId: "rotateWebhookSecret",
  tags: ["account"],
  summary: "Make a new secret for the account's webhooks",
  description:
    "For keys with scope `edits`, which see the secret. The one before signs along for 24 hours: until then a receiver may check by either.",
  security: SECURED,
  middleware: [requireKey({ scope: "edits" })] as const,
  request: { headers: idempotencyHeaders },
  responses: { 200: json(answerSchema, "The new secret."), ...KEY_REFUSALS, ...refusals(400, 409, 422) },
});

/** `POST /v1/account/webhook-secret` */
export const rotateWebhookSecret = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { account } = c.get("caller");
  await once(c, account, null, async () => {
    await account.rotateWebhookSecret();
    return { status: 200, value: null };
  });
  return c.json({ webhook_secret: await account.webhookSecret() }, 200);
});
