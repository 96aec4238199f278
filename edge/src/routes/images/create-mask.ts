import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { maskSchema } from "../../../../shared/answers.ts";
import { faceChoiceSchema, maskOptionsSchema } from "../../../../shared/mask.ts";
import { pictureSchema } from "../../../../shared/picture-field.ts";
import { promptFields, resolvePrompts } from "../../../../shared/prompt-fields.ts";
import type { AppEnv } from "../../context.ts";
import { givenPicture, knownPicture, pictureFingerprint, storedPicture } from "../../edits/given-picture.ts";
import { settingsOf } from "../../env.ts";
import { readUrl } from "../../images/urls.ts";
import { type FinishedMask, findMask } from "../../masks/find.ts";
import { bodyLength } from "../../middleware/body-length.ts";
import { idempotencyHeaders, once } from "../../middleware/idempotency.ts";
import { requireKeyOrToken } from "../../middleware/require-token.ts";
import { refuseWords } from "../../moderation/refuse.ts";
import { BODY_REFUSALS, jsonBody, KEY_OR_TOKEN, KEY_REFUSALS, refusals } from "../../openapi/answers.ts";
import { notFound } from "../../problem.ts";
import { refuseBeyond } from "../../tokens/limits.ts";

/** One data URL and the fields around it. */
const BODY_BYTES = 2_800_000;

const options = maskOptionsSchema.unwrap().shape;

const requestSchema = z
  .strictObject({
    image: pictureSchema,
    ...promptFields,
    grow: options.grow,
    feather: options.feather,
    threshold: options.threshold,
    face: faceChoiceSchema.optional(),
  })
  .meta({
    id: "MaskRequest",
    description: "Either `prompt` or `edits` is needed, and not both.",
    example: { image: "img_01hxq7zm4w9v8k2c5t3r6n0pbd", prompt: "a woman wearing glasses" },
  })
  .transform(resolvePrompts);

const route = createRoute({
  method: "post",
  path: "/v1/masks",
  operationId: "createMask",
  tags: ["images"],
  summary: "Locate what a prompt is about",
  description:
    "White is what an edit of this prompt would change. `Accept: image/png` gives the mask itself. Free, for an account with credits; a mask that is located anew counts among the edits a minute.",
  security: KEY_OR_TOKEN,
  middleware: [requireKeyOrToken("edit", { scope: "edits" }), bodyLength(BODY_BYTES)] as const,
  request: { headers: idempotencyHeaders, body: jsonBody(requestSchema) },
  responses: {
    200: {
      description: "The mask.",
      content: {
        "application/json": { schema: maskSchema },
        "image/png": { schema: { type: "string" as const, format: "binary" } },
      },
    },
    ...KEY_REFUSALS,
    ...BODY_REFUSALS,
    ...refusals(402, 404, 503),
  },
});

/** `POST /v1/masks` */
export const createMask = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { image, prompt, locate, grow, feather, threshold, face } = c.req.valid("json");
  const caller = c.get("caller");
  await refuseWords(settingsOf(c.env), [prompt]);
  const picture = await givenPicture(image, "image");
  if (caller.permit !== undefined)
    await refuseBeyond(caller.permit.claims, { image: "id" in picture ? picture.id : null, prompt });
  const worked = { invert: false, grow, feather, threshold, face };
  const asked = { image: pictureFingerprint(picture), prompt, locate, ...worked };
  const { value: mask } = await once<FinishedMask>(c, caller.account, asked, async () => {
    const photo = await storedPicture(c.env, caller, await knownPicture(c.env, caller, picture));
    const mask = await findMask(c.env, caller, photo, locate, worked);
    return { status: 200, value: mask, subject: mask.id };
  });

  if (wantsPng(c.req.header("Accept"))) {
    const object = await c.env.IMAGES.get(mask.key);
    if (object === null) throw notFound("mask");
    return c.body(object.body, 200, {
      "Content-Type": object.httpMetadata?.contentType ?? "image/png",
      "Content-Length": String(object.size),
    });
  }
  const { id, width, height, coverage, source, regions, key, expires_at, faces = [], fusion = null } = mask;
  const url = await readUrl(settingsOf(c.env), key, expires_at);
  return c.json(
    { mask: { id, url, width, height, coverage, source, fusion }, regions, faces: [...faces] },
    200,
  );
});

/** Whether the client prefers the picture itself as the answer. */
const wantsPng = (accept: string | undefined) =>
  /\bimage\/(?:png|\*)/i.test(accept ?? "") && !/\bapplication\/json\b/i.test(accept ?? "");
