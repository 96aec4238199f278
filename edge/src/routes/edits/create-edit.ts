import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { EDIT_EXAMPLE, editRequestSchema, editSchema, isFinal } from "../../../../shared/edit.ts";
import type { Id } from "../../../../shared/ids.ts";
import { MODELS } from "../../../../shared/models.ts";
import type { EditRow } from "../../account/contract/edits.ts";
import type { AppEnv, Asker } from "../../context.ts";
import { givenPicture, pictureFingerprint } from "../../edits/given-picture.ts";
import { type EditOrder, isNamed } from "../../edits/order.ts";
import { placeEdit } from "../../edits/place-edit.ts";
import { preferredWait } from "../../edits/prefer.ts";
import { presentEdit } from "../../edits/present.ts";
import { kindOf, maxBytesOf, readEditRequest, scheduleOf } from "../../edits/request.ts";
import { settingsOf } from "../../env.ts";
import { holding } from "../../limits/held-bodies.ts";
import { announcedLength } from "../../middleware/body-length.ts";
import { idempotencyHeaders, once } from "../../middleware/idempotency.ts";
import { requireKeyOrToken } from "../../middleware/require-token.ts";
import { BODY_REFUSALS, json, KEY_OR_TOKEN, KEY_REFUSALS, refusals } from "../../openapi/answers.ts";
import { EDIT_FORM_ENCODING, editFormSchema } from "../../openapi/edit-form.ts";
import { notFound } from "../../problem.ts";

const headers = idempotencyHeaders.extend({
  prefer: z.string().optional().meta({
    description:
      "`wait=SECONDS`: answer when the edit is final, or after that time. `wait` alone, and anything above, is 60 seconds.",
    example: "wait=30",
  }),
});

/** Maximum size in bytes of a body that is read before its key is known to be valid: an order of uploaded pictures. */
const SHORT_BYTES = 16_000;

const isShort = (c: Context<AppEnv>) => Number(c.req.header("Content-Length")) <= SHORT_BYTES;

/** An edit's first state, before any event. */
const ACCEPTED = {
  ...EDIT_EXAMPLE,
  status: "queued",
  started_at: null,
  finished_at: null,
  image: null,
  mask: null,
  regions: [],
  preservation: null,
  timings: null,
  cache: { mask: false, inversion: false },
  usage: { credits: 0 },
};

const route = createRoute({
  method: "post",
  path: "/v1/edits",
  operationId: "createEdit",
  tags: ["edits"],
  summary: "Edit a portrait",
  description:
    "Accepted at once and made in the background: follow `urls.events`, ask for `urls.self`, name a `webhook_url`, or " +
    "wait for it here with `Prefer: wait`.",
  security: KEY_OR_TOKEN,
  middleware: [
    requireKeyOrToken("edit", { scope: "edits", limits: ["requests", "edits"], later: isShort }),
  ] as const,
  request: { headers },
  responses: {
    200: json(editSchema, "The edit, final within the time that `Prefer: wait` gave."),
    202: json(editSchema, "The edit is accepted.", ACCEPTED),
    ...KEY_REFUSALS,
    ...BODY_REFUSALS,
    ...refusals(402, 404, 503),
  },
});

/** The body as shown in the contract: JSON or a form. The route parses both itself. */
const body = {
  required: true,
  content: {
    "application/json": { schema: editRequestSchema },
    "multipart/form-data": { schema: editFormSchema, encoding: EDIT_FORM_ENCODING },
  },
};

/** `POST /v1/edits` */
export const createEdit = new OpenAPIHono<AppEnv>();

createEdit.openAPIRegistry.registerPath({ ...route, request: { headers, body } });

createEdit.openapi({ ...route, hide: true }, async (c) => {
  const asker = c.get("asker");
  const kind = kindOf(c.req.header("Content-Type"));
  const length = announcedLength(c.req.header("Content-Length"), maxBytesOf(kind));
  const { id, accepted } = await holding(length, () => accept(c, asker, kind));
  c.set("editId", id);

  const wait = preferredWait(c.req.header("Prefer"));
  if (wait !== null) c.header("Preference-Applied", `wait=${wait}`);
  const row = wait
    ? await asker.account.waitForEdit(id, wait * 1000)
    : (accepted ?? (await asker.account.edit(id)));
  if (row === null) throw notFound("edit");
  const edit = await presentEdit(settingsOf(c.env), row, asker.permit);
  if (isFinal(row)) return c.json(edit, 200);
  c.header("Location", edit.urls.self);
  return c.json(edit, 202);
});

interface Accepted {
  readonly id: Id<"edit">;
  /** Its row, unless the answer is an earlier one under the same key. */
  readonly accepted: EditRow | null;
}

/** Reads an order and accepts it. Its pictures are held until then, and not while a client waits for the edit. */
async function accept(c: Context<AppEnv>, asker: Asker, kind: ReturnType<typeof kindOf>): Promise<Accepted> {
  const { image, mask, schedule: choice, ...request } = await readEditRequest(c.req.raw, kind);
  const order: EditOrder = {
    request,
    schedule: scheduleOf(choice, MODELS[settingsOf(c.env).MODEL]),
    preset: typeof choice === "string" ? choice : null,
    image: await givenPicture(image, "image"),
    mask: mask === "auto" ? null : await givenPicture(mask, "mask"),
  };
  const admission = c.get("admission");
  // pictures are stored and fetched for known keys alone
  if (!isNamed(order)) await admission?.caller();
  let accepted: EditRow | null = null;
  const { value } = await once<{ edit: Id<"edit"> }>(
    c,
    asker.account,
    fingerprintOf(order),
    async (claim) => {
      const made = await placeEdit(c.env, asker, order, claim, {
        ...(admission && { create: (edit) => admission.createEdit(edit) }),
      });
      if ("known" in made) return made;
      accepted = made;
      return { status: 202, value: { edit: made.id }, recorded: true };
    },
    { claims: isNamed(order) },
  );
  return { id: value.edit, accepted };
}

const fingerprintOf = ({ request, schedule, image, mask }: EditOrder) => ({
  ...request,
  schedule,
  image: pictureFingerprint(image),
  mask: mask && pictureFingerprint(mask),
});
