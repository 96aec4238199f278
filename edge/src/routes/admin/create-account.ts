import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { type Id, idSchema, newId, symbols } from "../../../../shared/ids.ts";
import { sign } from "../../../../shared/signing.ts";
import { KEPT_MS } from "../../account/rules/idempotency.ts";
import { type AppEnv, accountOf } from "../../context.ts";
import { type Settings, settingsOf } from "../../env.ts";
import { bodyLength } from "../../middleware/body-length.ts";
import { idempotencyHeaders, once, otherRequest } from "../../middleware/idempotency.ts";
import { requireOperator } from "../../middleware/require-key.ts";
import { BODY_REFUSALS, json, jsonBody, KEY_REFUSALS, SECURED } from "../../openapi/answers.ts";

const BODY_BYTES = 10_000;

const requestSchema = z
  .strictObject({ name: z.string().trim().min(1).max(100) })
  .meta({ id: "NewAccount", example: { name: "Example Ltd" } });

const answerSchema = z
  .object({
    id: idSchema("acct"),
    name: z.string(),
    webhook_secret: z.string().meta({ description: "Signs the account's webhooks." }),
  })
  .meta({
    id: "CreatedAccount",
    example: {
      id: "acct_01hxq7zm4w9v8k2c5t3r6n0pbd",
      name: "Example Ltd",
      webhook_secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=",
    },
  });

const route = createRoute({
  method: "post",
  path: "/v1/accounts",
  operationId: "createAccount",
  tags: ["admin"],
  summary: "Open an account",
  security: SECURED,
  middleware: [requireOperator(), bodyLength(BODY_BYTES)] as const,
  request: { headers: idempotencyHeaders, body: jsonBody(requestSchema) },
  responses: { 201: json(answerSchema, "The account is open."), ...KEY_REFUSALS, ...BODY_REFUSALS },
});

/** `POST /v1/accounts` */
export const createAccount = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { name } = c.req.valid("json");
  const id = await idFor(settingsOf(c.env), c.req.header("Idempotency-Key"));
  const account = accountOf(c.env, id);
  c.set("accountId", id);
  const { value } = await once(c, account, { name }, async () => {
    const opened = await account.open({ id, name });
    // a key's record lasts a day, the account for good: only an interrupted request returns to it
    if (opened.name !== name || Date.now() - opened.createdAt >= KEPT_MS) throw otherRequest();
    return { status: 201, value: { id, name } };
  });
  return c.json({ ...value, webhook_secret: await account.webhookSecret() }, 201);
});

/**
 * The id of a new account. Idempotency records live in accounts, and this one has none yet: with an Idempotency-Key the
 * id is derived from it, so that a second request finds the first one's record, or the account itself.
 */
async function idFor(settings: Settings, idempotencyKey: string | undefined): Promise<Id<"acct">> {
  if (idempotencyKey === undefined) return newId("acct");
  const mac = await sign(settings.signingSecrets, "tenant", `new account\n${idempotencyKey}`);
  const bytes = Uint8Array.from(mac.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return `acct_${symbols(bytes)}`;
}
