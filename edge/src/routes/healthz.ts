import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { gpuHealthSchema } from "../../../shared/gpu.ts";
import type { AppEnv } from "../context.ts";
import { settingsOf } from "../env.ts";
import { gpuHealth } from "../gpu/client.ts";
import { json } from "../openapi/answers.ts";

const healthSchema = z
  .object({
    status: z.literal("ok"),
    gpu: z.union([
      gpuHealthSchema.pick({ status: true, busy: true, model: true }),
      z.object({ status: z.enum(["unreachable", "on_demand"]) }),
    ]),
  })
  .meta({
    id: "Health",
    example: { status: "ok", gpu: { status: "ready", busy: false, model: { id: "mini", version: "0.1.0" } } },
  });

const route = createRoute({
  method: "get",
  path: "/healthz",
  tags: ["service"],
  summary: "Liveness, with the state of the GPU",
  description:
    "200 as long as the worker answers, also while the GPU loads or is away: edits wait in the queue. A GPU that runs " +
    "on demand is not asked, as that would start it.",
  responses: { 200: json(healthSchema, "The worker is alive.") },
});

/** `GET /healthz` */
export const healthz = new OpenAPIHono<AppEnv>().openapi(route, async (c) => {
  const settings = settingsOf(c.env);
  if (settings.GPU_ON_DEMAND)
    return c.json({ status: "ok" as const, gpu: { status: "on_demand" as const } }, 200);
  const health = await gpuHealth(settings);
  if (health === null) return c.json({ status: "ok" as const, gpu: { status: "unreachable" as const } }, 200);
  const { status, busy, model } = health;
  return c.json({ status: "ok" as const, gpu: { status, busy, model } }, 200);
});
