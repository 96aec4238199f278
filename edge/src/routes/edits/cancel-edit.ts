import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { editSchema } from "../../../../shared/edit.ts";
import type { AppEnv } from "../../context.ts";
import { openEdit } from "../../edits/open-edit.ts";
import { presentEdit } from "../../edits/present.ts";
import { settingsOf } from "../../env.ts";
import { idempotencyHeaders, once } from "../../middleware/idempotency.ts";
import { requireKeyOrToken } from "../../middleware/require-token.ts";
import { json, KEY_OR_TOKEN, KEY_REFUSALS, refusals } from "../../openapi/answers.ts";
import { notFound, Refusal } from "../../problem.ts";

const route = createRoute({
  method: "post",
  path: "/v1/edits/{id}/cancel",
  operationId: "cancelEdit",
  tags: ["edits"],
  summary: "Cancel an edit",
  description:
    "Its hold is released. A run that is under way stops within one step, and its result is not taken.",
  security: KEY_OR_TOKEN,
  middleware: [requireKeyOrToken("edit", { scope: "edits" })] as const,
  request: {
    params: z.object({ id: z.string().meta({ example: "edit_01hxq7zm4w9v8k2c5t3r6n0pbd" }) }),
    headers: idempotencyHeaders,
  },
  responses: {
    200: json(editSchema, "The edit is canceled, now or before."),
    ...KEY_REFUSALS,
    ...refusals(404, 409, 422),
  },
});

/** `POST /v1/edits/{id}/cancel` */
export const cancelEdit = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const caller = c.get("caller");
  const { id } = await openEdit(caller, c.req.valid("param").id);
  c.set("editId", id);
  await once(c, caller.account, { id }, async () => {
    const row = await caller.account.cancelEdit(id);
    if (row === null) throw notFound("edit");
    if (row.status !== "canceled") throw new Refusal("conflict", `the edit has ${row.status} already`);
    return { status: 200, value: { edit: id } };
  });
  const row = await openEdit(caller, id);
  return c.json(await presentEdit(settingsOf(c.env), row, caller.permit), 200);
});
