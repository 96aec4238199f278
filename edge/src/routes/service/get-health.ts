import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { gpuHealthSchema } from "../../../../shared/gpu.ts";
import { moderationState, moderationStateSchema } from "../../../../shared/moderation/settings.ts";
import type { AppEnv } from "../../context.ts";
import { settingsOf } from "../../env.ts";
import { gpuHealth } from "../../gpu/client.ts";
import { moderationIn } from "../../moderation/deployment.ts";
import { json } from "../../openapi/answers.ts";

const healthSchema = z
  .object({
    status: z.literal("ok"),
    gpu: z.union([
      gpuHealthSchema.pick({ status: true, busy: true, model: true, moderation: true }).extend({
        model_expected: z.string().optional().meta({
          description: "The worker's model, if the GPU runs another one: it refuses every edit then.",
        }),
      }),
      z.object({ status: z.enum(["unreachable", "on_demand"]) }),
    ]),
    moderation: moderationStateSchema.meta({ description: "Policies of words, here; the GPU has its own." }),
  })
  .meta({
    id: "Health",
    example: {
      status: "ok",
      gpu: { status: "ready", busy: false, model: { id: "mini", version: "0.1.0" } },
      moderation: { on: ["prompt.sexual", "prompt.minors"], off: [] },
    },
  });

const route = createRoute({
  method: "get",
  path: "/healthz",
  operationId: "getHealth",
  tags: ["service"],
  summary: "Liveness, with the state of the GPU",
  description:
    "200 as long as the worker answers, also while the GPU loads or is away: edits wait in the queue. A GPU that runs " +
    "on demand is not asked, as that would start it.",
  responses: { 200: json(healthSchema, "The worker is alive.") },
});

/** `GET /healthz` */
export const getHealth = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const settings = settingsOf(c.env);
  const answer = { status: "ok" as const, moderation: moderationState(moderationIn(settings)) };
  if (settings.GPU_ON_DEMAND) return c.json({ ...answer, gpu: { status: "on_demand" as const } }, 200);
  const health = await gpuHealth(settings);
  if (health === null) return c.json({ ...answer, gpu: { status: "unreachable" as const } }, 200);
  const { status, busy, model, moderation } = health;
  const mismatch = model !== null && model.id !== settings.MODEL && { model_expected: settings.MODEL };
  return c.json(
    { ...answer, gpu: { status, busy, model, ...(moderation && { moderation }), ...mismatch } },
    200,
  );
});
