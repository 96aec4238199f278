import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { idSchema, isId } from "../../../../shared/ids.ts";
import { type AppEnv, accountOf } from "../../context.ts";
import { bodyLength } from "../../middleware/body-length.ts";
import { requireOperator } from "../../middleware/require-key.ts";
import { BODY_REFUSALS, json, jsonBody, KEY_REFUSALS, refusals, SECURED } from "../../openapi/answers.ts";
import { notFound } from "../../problem.ts";

const BODY_BYTES = 10_000;

const choice = {
  c2pa: z.boolean().meta({ description: "Signed content credentials in every result." }),
  watermark: z.boolean().meta({ description: "An invisible mark in what was edited." }),
};

const requestSchema = z
  .strictObject(choice)
  .meta({ id: "ProvenanceChoice", example: { c2pa: true, watermark: false } });

const answerSchema = z.object({ id: idSchema("acct"), ...choice }).meta({
  id: "AccountProvenance",
  example: { id: "acct_01hxq7zm4w9v8k2c5t3r6n0pbd", c2pa: true, watermark: false },
});

const route = createRoute({
  method: "put",
  path: "/v1/accounts/{id}/provenance",
  operationId: "putProvenance",
  tags: ["admin"],
  summary: "Choose what the results of an account say about their origin",
  description:
    "Both are on at first. Edits that begin from this moment follow it; check that the law allows less.",
  security: SECURED,
  middleware: [requireOperator(), bodyLength(BODY_BYTES)] as const,
  request: {
    params: z.object({ id: z.string().meta({ example: "acct_01hxq7zm4w9v8k2c5t3r6n0pbd" }) }),
    body: jsonBody(requestSchema),
  },
  responses: {
    200: json(answerSchema, "The choice is kept."),
    ...KEY_REFUSALS,
    ...BODY_REFUSALS,
    ...refusals(404),
  },
});

/** `PUT /v1/accounts/{id}/provenance` */
export const putProvenance = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { id } = c.req.valid("param");
  const asked = c.req.valid("json");
  if (!isId("acct", id)) throw notFound("account");
  c.set("accountId", id);
  if (!(await accountOf(c.env, id).setProvenance(asked))) throw notFound("account");
  return c.json({ id, ...asked }, 200);
});
