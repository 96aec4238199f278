import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { accountSchema } from "../../../../shared/answers.ts";
import type { AppEnv } from "../../context.ts";
import { requireKey } from "../../middleware/require-key.ts";
import { json, KEY_REFUSALS, SECURED } from "../../openapi/answers.ts";
import { notFound } from "../../problem.ts";

const route = createRoute({
  method: "get",
  path: "/v1/account",
  operationId: "getAccount",
  tags: ["account"],
  summary: "The account behind the key, its credits, and what the key may do",
  security: SECURED,
  middleware: [requireKey({ scope: null })] as const,
  responses: { 200: json(accountSchema, "The account."), ...KEY_REFUSALS },
});

/** `GET /v1/account` */
export const getAccount = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { account, key } = c.get("caller");
  const summary = await account.summary();
  if (summary === null) throw notFound("account");
  const { id, name, balance, held } = summary;
  const { requests, edits } = key.limits;
  const shown = { id: key.id, name: key.name, scopes: [...key.scopes], limits: { requests, edits } };
  const webhook_secret = key.scopes.includes("edits") ? await account.webhookSecret() : undefined;
  return c.json({ id, name, balance, held, webhook_secret, key: shown }, 200);
});
