import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { editSchema } from "../../../../shared/edit.ts";
import type { AppEnv } from "../../context.ts";
import { openEdit } from "../../edits/open-edit.ts";
import { presentEdit } from "../../edits/present.ts";
import { settingsOf } from "../../env.ts";
import { requireKeyOrToken } from "../../middleware/require-token.ts";
import { json, KEY_OR_TOKEN, KEY_REFUSALS, refusals } from "../../openapi/answers.ts";

const route = createRoute({
  method: "get",
  path: "/v1/edits/{id}",
  operationId: "getEdit",
  tags: ["edits"],
  summary: "An edit as it is now",
  security: KEY_OR_TOKEN,
  middleware: [requireKeyOrToken("edit", { scope: "edits" })] as const,
  request: { params: z.object({ id: z.string().meta({ example: "edit_01hxq7zm4w9v8k2c5t3r6n0pbd" }) }) },
  responses: { 200: json(editSchema, "The edit."), ...KEY_REFUSALS, ...refusals(404) },
});

/** `GET /v1/edits/{id}` */
export const getEdit = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { id } = c.req.valid("param");
  const caller = c.get("caller");
  const row = await openEdit(caller, id);
  c.set("editId", row.id);
  return c.json(await presentEdit(settingsOf(c.env), row, caller.permit), 200);
});
