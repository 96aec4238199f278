import { type OpenAPIHono, z } from "@hono/zod-openapi";
import { webhookEventSchema } from "../../../shared/webhook.ts";
import type { AppEnv } from "../context.ts";

const DESCRIPTION = `Sent to an edit's \`webhook_url\` once it is final, signed after the Standard Webhooks
specification by the account's \`webhook_secret\` (\`GET /v1/account\`). Any 2xx takes it, 410 ends it; else it is
tried again for a day under the same \`webhook-id\`. Redirects are not followed. \`timestamp\` is when the edit became
final, \`data\` the edit with URLs that are fresh in each try.`;

/** Describes the webhooks that are sent to clients, beside the operations they may call. */
export function describeWebhooks(app: OpenAPIHono<AppEnv>): void {
  app.openAPIRegistry.registerWebhook({
    method: "post",
    path: "edit",
    operationId: "editEnded",
    tags: ["edits"],
    summary: "An edit succeeded, failed or was canceled",
    description: DESCRIPTION,
    request: {
      headers: z.object({
        "webhook-id": z
          .string()
          .meta({ description: "The same in every try: the key by which to recognise repetitions." }),
        "webhook-timestamp": z.string().meta({ description: "When this try was made, Unix seconds." }),
        "webhook-signature": z.string().meta({ description: "`v1,…`, several while secrets rotate." }),
      }),
      body: { required: true, content: { "application/json": { schema: webhookEventSchema } } },
    },
    responses: {
      "2XX": { description: "The event is taken." },
      410: { description: "No further try." },
    },
  });
}
