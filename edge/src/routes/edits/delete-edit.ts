import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { isId } from "../../../../shared/ids.ts";
import type { AppEnv } from "../../context.ts";
import { requireKey } from "../../middleware/require-key.ts";
import { KEY_REFUSALS, refusals, SECURED } from "../../openapi/answers.ts";
import { notFound } from "../../problem.ts";

const route = createRoute({
  method: "delete",
  path: "/v1/edits/{id}",
  operationId: "deleteEdit",
  tags: ["edits"],
  summary: "Erase an edit",
  description: `Its result, its mask, its prompts and metadata, and the pictures that came along with it. An edit that is
not final is canceled first. What it cost stays on the account.`,
  security: SECURED,
  middleware: [requireKey({ scope: "edits" })] as const,
  request: { params: z.object({ id: z.string().meta({ example: "edit_01hxq7zm4w9v8k2c5t3r6n0pbd" }) }) },
  responses: { 204: { description: "The edit is erased." }, ...KEY_REFUSALS, ...refusals(404) },
});

/** `DELETE /v1/edits/{id}` */
export const deleteEdit = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { id } = c.req.valid("param");
  if (!isId("edit", id)) throw notFound("edit");
  if (!(await c.get("caller").account.eraseEdit(id))) throw notFound("edit");
  c.set("editId", id);
  return c.body(null, 204);
});
