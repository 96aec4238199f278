import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { FITNESS, MODELS, type ModelCard } from "../../../../shared/models.ts";
import type { AppEnv } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { json } from "../../openapi/answers.ts";

const fitnessSchema = z.enum(FITNESS);

const listed = ({ id, version, resolution, blocks, domain }: ModelCard) => ({
  id,
  version,
  resolution,
  value_blocks: blocks,
  domain,
});

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
        domain: z
          .object({ drawings: fitnessSchema, photographs: fitnessSchema })
          .meta({ description: "How well it edits portraits of either kind, by the project's benchmarks." }),
      }),
    ),
  })
  .meta({
    id: "Models",
    example: { models: [listed(MODELS.mini)] },
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
export const listModels = new OpenAPIHono<AppEnv>().openapi(route, (c) =>
  c.json({ models: [listed(MODELS[settingsOf(c.env).MODEL])] }, 200),
);
