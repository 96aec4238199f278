import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { isId } from "../../../../shared/ids.ts";
import type { AppEnv } from "../../context.ts";
import { requireKey } from "../../middleware/require-key.ts";
import { KEY_REFUSALS, refusals, SECURED } from "../../openapi/answers.ts";
import { notFound } from "../../problem.ts";

const route = createRoute({
  method: "delete",
  path: "/v1/images/{id}",
  operationId: "deleteImage",
  tags: ["images"],
  summary: "Erase an image and all that was made from it",
  description: `Edits that used it as photo or as mask, masks located on it, and the edits that used those. What is not
final is canceled first.`,
  security: SECURED,
  middleware: [requireKey({ scope: "images" })] as const,
  request: { params: z.object({ id: z.string().meta({ example: "img_01hxq7zm4w9v8k2c5t3r6n0pbd" }) }) },
  responses: { 204: { description: "The image is erased." }, ...KEY_REFUSALS, ...refusals(404) },
});

/** `DELETE /v1/images/{id}` */
export const deleteImage = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const { id } = c.req.valid("param");
  if (!isId("img", id)) throw notFound("image");
  if (!(await c.get("caller").account.eraseImage(id))) throw notFound("image");
  return c.body(null, 204);
});
