// A GPU function without a model, for load tests of the worker: the real protocol, fixed pictures, a chosen delay.
// Environment: PORT, HOST, GPU_SECRET as the real one has them, and DELAY_MS that each edit takes (0).
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { stream } from "hono/streaming";
import sharp from "sharp";
import { z } from "zod";
import { editTaskSchema, type GpuEvent, type GpuHealth, maskTaskSchema } from "../../shared/gpu.ts";
import { MODELS } from "../../shared/models.ts";
import { editEvents, maskEvents, type Picture } from "./answer.ts";

const settings = z
  .object({
    PORT: z.coerce.number().int(),
    HOST: z.string().default("127.0.0.1"),
    GPU_SECRET: z.string().min(32),
    DELAY_MS: z.coerce.number().int().min(0).default(0),
  })
  .parse(process.env);

async function picture(side: number, background: string): Promise<Picture> {
  const plain = sharp({ create: { width: side, height: side, channels: 3, background } });
  return { png: new Uint8Array(await plain.png().toBuffer()), width: side, height: side };
}

const pictures = { mask: await picture(64, "white"), result: await picture(64, "teal") };

function send(c: Context, events: AsyncGenerator<GpuEvent>) {
  c.header("content-type", "application/x-ndjson");
  return stream(c, async (out) => {
    for await (const event of events) await out.writeln(JSON.stringify(event));
  });
}

const app = new Hono();
app.use(bearerAuth({ token: settings.GPU_SECRET }));
app.post("/edit", async (c) =>
  send(c, editEvents(editTaskSchema.parse(await c.req.json()), pictures, settings.DELAY_MS)),
);
app.post("/mask", async (c) => send(c, maskEvents(maskTaskSchema.parse(await c.req.json()), pictures)));
app.get("/healthz", (c) =>
  c.json({
    status: "ready",
    busy: false,
    model: { id: MODELS.mini.id, version: MODELS.mini.version },
    uptime_ms: process.uptime() * 1000,
    phases: [],
  } satisfies GpuHealth),
);

serve({ fetch: app.fetch, port: settings.PORT, hostname: settings.HOST });
