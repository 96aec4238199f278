import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { editPageSchema } from "../../../../shared/answers.ts";
import { EDIT_STATUSES } from "../../../../shared/edit.ts";
import type { AppEnv } from "../../context.ts";
import { openCursor, sealCursor } from "../../edits/cursor.ts";
import { presentEdit } from "../../edits/present.ts";
import { settingsOf } from "../../env.ts";
import { requireKey } from "../../middleware/require-key.ts";
import { json, KEY_REFUSALS, refusals, SECURED } from "../../openapi/answers.ts";

/** Edits on a page. */
const LIMIT = { max: 100, default: 20 } as const;

const query = z.object({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, "a whole number")
    .transform(Number)
    .pipe(z.int().max(LIMIT.max))
    .default(LIMIT.default)
    .openapi({ type: "integer", minimum: 1, maximum: LIMIT.max, default: LIMIT.default }),
  cursor: z.string().max(200).optional().meta({ description: "`next_cursor` of the page before." }),
  status: z.enum(EDIT_STATUSES).optional(),
});

const route = createRoute({
  method: "get",
  path: "/v1/edits",
  operationId: "listEdits",
  tags: ["edits"],
  summary: "Edits, newest first",
  description: "Pages hold still while edits are added: a cursor leads to what is older than its page.",
  security: SECURED,
  middleware: [requireKey({ scope: "edits" })] as const,
  request: { query },
  responses: { 200: json(editPageSchema, "A page of edits."), ...KEY_REFUSALS, ...refusals(422) },
});

/** `GET /v1/edits` */
export const listEdits = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { limit, cursor, status = null } = c.req.valid("query");
  const settings = settingsOf(c.env);
  const { id, account } = c.get("caller");
  const below = cursor === undefined ? null : await openCursor(settings, id, cursor);
  const { edits, next } = await account.listEdits({ limit, below, status });
  const data = await Promise.all(edits.map((row) => presentEdit(settings, row)));
  const next_cursor = next && (await sealCursor(settings, id, next));
  return c.json({ data, next_cursor, has_more: next !== null }, 200);
});
