import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { newApiKey } from "../../../../shared/api-key.ts";
import { type Id, idSchema, isId, newId } from "../../../../shared/ids.ts";
import { SCOPES } from "../../../../shared/scopes.ts";
import type { KeyRow } from "../../account/contract/keys.ts";
import { type AppEnv, accountOf } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { enterKey } from "../../keys/directory.ts";
import { bodyLength } from "../../middleware/body-length.ts";
import { idempotencyHeaders, once } from "../../middleware/idempotency.ts";
import { refuseForeign, requireAdmin } from "../../middleware/require-key.ts";
import { BODY_REFUSALS, json, jsonBody, KEY_REFUSALS, refusals, SECURED } from "../../openapi/answers.ts";
import { notFound } from "../../problem.ts";

const BODY_BYTES = 10_000;

const limit = (unit: string, preset: number) =>
  z
    .int()
    .min(1)
    .max(1_000_000)
    .default(preset)
    .meta({ description: `${unit} a minute` });

const limitsSchema = z
  .strictObject({ requests: limit("Requests", 1200), edits: limit("Edits", 60) })
  .prefault({});

const requestSchema = z
  .strictObject({
    account: z.string().max(100).meta({ description: "Whose key it is." }),
    name: z.string().trim().min(1).max(100).default("key"),
    scopes: z.array(z.enum(SCOPES)).min(1).default(["edits", "images", "sign"]),
    limits: limitsSchema,
  })
  .meta({
    id: "NewKey",
    example: { account: "acct_01hxq7zm4w9v8k2c5t3r6n0pbd", name: "server", scopes: ["edits", "images"] },
  });

const answerSchema = z
  .object({
    id: idSchema("key"),
    account: idSchema("acct"),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    limits: z.object({ requests: z.int(), edits: z.int() }),
    created_at: z.iso.datetime(),
    key: z.string().nullable().meta({
      description: "The secret key. Shown this once: a replay of the request has null here.",
    }),
  })
  .meta({
    id: "CreatedKey",
    example: {
      id: "key_01hxq7zm4w9v8k2c5t3r6n0pbd",
      account: "acct_01hxq7zm4w9v8k2c5t3r6n0pbd",
      name: "server",
      scopes: ["edits", "images"],
      limits: { requests: 1200, edits: 60 },
      created_at: "2026-11-24T09:30:00.000Z",
      key: "sk_…",
    },
  });

type Created = z.output<typeof answerSchema>;

const route = createRoute({
  method: "post",
  path: "/v1/keys",
  operationId: "createKey",
  tags: ["admin"],
  summary: "Make a secret key for an account",
  description: "The operator for any account; a key with scope `admin` for its own.",
  security: SECURED,
  middleware: [requireAdmin(), bodyLength(BODY_BYTES)] as const,
  request: { headers: idempotencyHeaders, body: jsonBody(requestSchema) },
  responses: {
    201: json(answerSchema, "The key is valid."),
    ...KEY_REFUSALS,
    ...BODY_REFUSALS,
    ...refusals(404),
  },
});

/** `POST /v1/keys` */
export const createKey = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const body = c.req.valid("json");
  if (!isId("acct", body.account)) throw notFound("account");
  refuseForeign(c, body.account, "account");
  const owner = accountOf(c.env, body.account);
  if ((await owner.summary()) === null) throw notFound("account");
  c.set("accountId", body.account);
  let secret: string | null = null;
  const id = newId("key");
  const { signingSecrets } = settingsOf(c.env);
  const { value } = await once<Omit<Created, "key">>(c, owner, body, async () => {
    const { text, key } = await newApiKey(signingSecrets, body.account as Id<"acct">, id);
    const { name, scopes, limits } = body;
    await enterKey(c.env.IMAGES, id, key.account);
    const row = await owner.addKey({ id, name, secretSha256: key.secretSha256, scopes, limits });
    secret = text;
    return { status: 201, value: describe(row, key.account) };
  });
  return c.json({ ...value, key: secret }, 201);
});

/** The stored part of the answer: everything but the secret. */
const describe = (row: KeyRow, account: Id<"acct">): Omit<Created, "key"> => ({
  id: row.id,
  account,
  name: row.name,
  scopes: [...row.scopes],
  limits: { requests: row.limits.requests, edits: row.limits.edits },
  created_at: new Date(row.createdAt).toISOString(),
});
