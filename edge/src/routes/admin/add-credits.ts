import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { idSchema, isId, newId } from "../../../../shared/ids.ts";
import { type AppEnv, accountOf } from "../../context.ts";
import { bodyLength } from "../../middleware/body-length.ts";
import { idempotencyHeaders, once, otherRequest } from "../../middleware/idempotency.ts";
import { requireOperator } from "../../middleware/require-key.ts";
import { BODY_REFUSALS, json, jsonBody, KEY_REFUSALS, refusals, SECURED } from "../../openapi/answers.ts";
import { notFound } from "../../problem.ts";

const BODY_BYTES = 10_000;

const requestSchema = z
  .strictObject({
    amount: z
      .int()
      .min(-1_000_000_000)
      .max(1_000_000_000)
      .refine((amount) => amount !== 0, "not 0")
      .meta({ description: "Credits to add; below zero, to take back.", not: { const: 0 } }),
    reason: z.string().trim().min(1).max(200).default("manual"),
  })
  .meta({ id: "NewCredits", example: { amount: 10_000, reason: "invoice 1044" } });

const answerSchema = z
  .object({ id: idSchema("acct"), name: z.string(), balance: z.int(), held: z.int() })
  .meta({
    id: "Balance",
    example: { id: "acct_01hxq7zm4w9v8k2c5t3r6n0pbd", name: "Example Ltd", balance: 10_000, held: 0 },
  });

const route = createRoute({
  method: "post",
  path: "/v1/accounts/{id}/credits",
  operationId: "addCredits",
  tags: ["admin"],
  summary: "Add credits to an account, or take some back",
  description:
    "What is taken back may be spent already: then the balance is below zero, and edits answer 402 until it is not.",
  security: SECURED,
  middleware: [requireOperator(), bodyLength(BODY_BYTES)] as const,
  request: {
    params: z.object({ id: z.string().meta({ example: "acct_01hxq7zm4w9v8k2c5t3r6n0pbd" }) }),
    headers: idempotencyHeaders,
    body: jsonBody(requestSchema),
  },
  responses: {
    201: json(answerSchema, "The credits are there."),
    ...KEY_REFUSALS,
    ...BODY_REFUSALS,
    ...refusals(404),
  },
});

/** `POST /v1/accounts/{id}/credits` */
export const addCredits = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { id } = c.req.valid("param");
  const { amount, reason } = c.req.valid("json");
  if (!isId("acct", id)) throw notFound("account");
  const account = accountOf(c.env, id);
  if ((await account.summary()) === null) throw notFound("account");
  c.set("accountId", id);
  const { value } = await once(c, account, { id, amount, reason }, async (claim) => {
    const reference = `admin:${claim?.key ?? newId("evt")}`;
    const added = await account.addCredits({ amount, reason, reference });
    if (added === null) throw otherRequest();
    const { name, balance, held } = added;
    return { status: 201, value: { id, name, balance, held } };
  });
  return c.json(value, 201);
});
