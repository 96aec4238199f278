import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { alternativesRequestSchema, alternativesSchema } from "../../../../shared/alternatives.ts";
import { type Id, isId } from "../../../../shared/ids.ts";
import { MODELS } from "../../../../shared/models.ts";
import type { EditRow } from "../../account/contract/edits.ts";
import type { AppEnv } from "../../context.ts";
import type { NamedOrder } from "../../edits/order.ts";
import { placeEdits } from "../../edits/place-edit.ts";
import { presentEdit } from "../../edits/present.ts";
import { scheduleOf } from "../../edits/request.ts";
import { settingsOf } from "../../env.ts";
import { bodyLength } from "../../middleware/body-length.ts";
import { idempotencyHeaders, once } from "../../middleware/idempotency.ts";
import { requireKeyOrToken } from "../../middleware/require-token.ts";
import {
  BODY_REFUSALS,
  json,
  jsonBody,
  KEY_OR_TOKEN,
  KEY_REFUSALS,
  refusals,
} from "../../openapi/answers.ts";
import { notFound } from "../../problem.ts";

const BODY_BYTES = 64_000;

const DESCRIPTION = `An edit for each of two to eight prompts, of one uploaded photo. Each is an edit of its own, with its
own id, events, webhook and price; all are accepted, or none. They run one after another, and every one but the first
starts from the photo's inversion that the first has made, wherever the same GPU takes them.`;

const route = createRoute({
  method: "post",
  path: "/v1/alternatives",
  operationId: "createAlternatives",
  tags: ["edits"],
  summary: "Edit a portrait in several ways",
  description: DESCRIPTION,
  security: KEY_OR_TOKEN,
  middleware: [
    requireKeyOrToken("edit", { scope: "edits", limits: ["requests", "edits"] }),
    bodyLength(BODY_BYTES),
  ] as const,
  request: { headers: idempotencyHeaders, body: jsonBody(alternativesRequestSchema) },
  responses: {
    202: json(alternativesSchema, "The edits are accepted."),
    ...KEY_REFUSALS,
    ...BODY_REFUSALS,
    ...refusals(402, 404, 503),
  },
});

/** `POST /v1/alternatives` */
export const createAlternatives = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const settings = settingsOf(c.env);
  const caller = c.get("caller");
  const { alternatives, image, mask, schedule: choice, ...request } = c.req.valid("json");
  const pictures = { image: named(image), mask: mask === "auto" ? null : named(mask) };
  const schedule = scheduleOf(choice, MODELS[settings.MODEL]);
  const preset = typeof choice === "string" ? choice : null;
  const orders: NamedOrder[] = alternatives.map((wanted) => ({
    ...pictures,
    schedule,
    preset,
    request: { ...request, ...wanted },
  }));

  let accepted: readonly EditRow[] | undefined;
  const { value } = await once<{ edits: readonly Id<"edit">[] }>(
    c,
    caller.account,
    { ...request, alternatives, image, mask, schedule },
    async (claim) => {
      accepted = await placeEdits(c.env, caller, orders, claim);
      return { status: 202, value: { edits: accepted.map(({ id }) => id) }, recorded: true };
    },
  );
  const rows = accepted ?? (await Promise.all(value.edits.map((id) => caller.account.edit(id))));
  const data = rows.map((row) => {
    if (row === null) throw notFound("edit");
    return presentEdit(settings, row, caller.permit);
  });
  return c.json({ data: await Promise.all(data) }, 202);
});

/** @throws Refusal `not_found` for a malformed id */
function named(id: string): { readonly id: Id<"img"> } {
  if (!isId("img", id)) throw notFound("image");
  return { id };
}
