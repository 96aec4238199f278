import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { MODELS, type ModelCard } from "../../../../shared/models.ts";
import { presetsOf } from "../../../../shared/presets.ts";
import { evaluationsFor, priceOf } from "../../../../shared/price.ts";
import { REGIONS } from "../../../../shared/regions.ts";
import { scheduleSchema } from "../../../../shared/schedule.ts";
import type { AppEnv } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { json } from "../../openapi/answers.ts";

const presetsSchema = z
  .object({
    presets: z.array(
      z.object({
        name: z.string(),
        schedule: scheduleSchema,
        evaluations: z.int().meta({ description: "Planned evaluations of the transformer." }),
        credits: z.int().meta({ description: "Price of one edit." }),
      }),
    ),
    regions: z.array(z.enum(REGIONS)),
  })
  .meta({ id: "Presets" });

const route = createRoute({
  method: "get",
  path: "/v1/presets",
  operationId: "listPresets",
  tags: ["account"],
  summary: "Schedule presets with their prices, and the region vocabulary",
  responses: { 200: json(presetsSchema, "Presets and regions.") },
});

/** `GET /v1/presets` */
export const listPresets = new OpenAPIHono<AppEnv>().openapi(route, (c) => {
  const model: ModelCard = MODELS[settingsOf(c.env).MODEL];
  const named = Object.entries(presetsOf(model.fastSteps)).map(([name, schedule]) => ({
    name,
    schedule,
    evaluations: evaluationsFor(schedule, model),
    credits: priceOf(schedule, model),
  }));
  return c.json({ presets: named, regions: [...REGIONS] }, 200);
});
