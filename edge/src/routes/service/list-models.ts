import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { MODELS } from "../../../../shared/models.ts";
import type { AppEnv } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { json } from "../../openapi/answers.ts";

const modelsSchema = z
  .object({
    models: z.array(
      z.object({
        id: z.string(),
        version: z.string(),
        resolution: z.int().meta({ description: "Side in pixels of the square the model works on." }),
        value_blocks: z
          .int()
          .meta({ description: "Most blocks whose attention values a schedule may fuse." }),
      }),
    ),
  })
  .meta({
    id: "Models",
    example: { models: [{ id: "mini", version: "0.1.0", resolution: 128, value_blocks: 4 }] },
  });

const route = createRoute({
  method: "get",
  path: "/v1/models",
  operationId: "listModels",
  tags: ["account"],
  summary: "The model behind the API",
  responses: { 200: json(modelsSchema, "Models that edits run on.") },
});

/** `GET /v1/models` */
export const listModels = new OpenAPIHono<AppEnv>().openapi(route, (c) => {
  const { id, version, resolution, blocks } = MODELS[settingsOf(c.env).MODEL];
  return c.json({ models: [{ id, version, resolution, value_blocks: blocks }] }, 200);
});
