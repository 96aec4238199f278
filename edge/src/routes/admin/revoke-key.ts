import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { isId } from "../../../../shared/ids.ts";
import { type AppEnv, accountOf } from "../../context.ts";
import { accountOfKey } from "../../keys/directory.ts";
import { refuseForeign, requireAdmin } from "../../middleware/require-key.ts";
import { KEY_REFUSALS, refusals, SECURED } from "../../openapi/answers.ts";
import { notFound } from "../../problem.ts";

const route = createRoute({
  method: "delete",
  path: "/v1/keys/{id}",
  operationId: "revokeKey",
  tags: ["admin"],
  summary: "Revoke a key",
  description:
    "It authenticates nobody from this moment. The operator revokes any key; a key with scope `admin` those of its account.",
  security: SECURED,
  middleware: [requireAdmin()] as const,
  request: { params: z.object({ id: z.string().meta({ example: "key_01hxq7zm4w9v8k2c5t3r6n0pbd" }) }) },
  responses: { 204: { description: "The key is revoked." }, ...KEY_REFUSALS, ...refusals(404) },
});

/** `DELETE /v1/keys/{id}` */
export const revokeKey = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { id } = c.req.valid("param");
  if (!isId("key", id)) throw notFound("key");
  const account = await accountOfKey(c.env.IMAGES, id);
  if (account === null) throw notFound("key");
  refuseForeign(c, account, "key");
  c.set("accountId", account);
  if (!(await accountOf(c.env, account).revokeKey(id))) throw notFound("key");
  return c.body(null, 204);
});
