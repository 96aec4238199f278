// A GPU function without a model, for load tests of the worker: the real protocol, fixed pictures, configurable times.
// Environment: PORT, HOST and GPU_SECRET as for the real one. Times in milliseconds, by default 0: DELAY_MS of each edit, plus
// MS_PER_EVALUATION for each planned evaluation; MASK_MS of a mask; COLD_START_MS after the start, during which runs wait.
// CONTAINERS: runs at a time, beyond which it answers 503 (unlimited).
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { stream } from "hono/streaming";
import sharp from "sharp";
import { z } from "zod";
import {
  editTaskSchema,
  type GpuEvent,
  type GpuHealth,
  type LookAnswer,
  maskTaskSchema,
} from "../../../shared/gpu.ts";
import { MODELS } from "../../../shared/models.ts";
import { plannedEvaluations } from "../../../shared/presets.ts";
import { editEvents, maskEvents, type Picture, warmedUp } from "./answer.ts";
import { Containers } from "./containers.ts";

const settings = z
  .object({
    PORT: z.coerce.number().int(),
    HOST: z.string().default("127.0.0.1"),
    GPU_SECRET: z.string().min(32),
    DELAY_MS: z.coerce.number().int().min(0).default(0),
    MS_PER_EVALUATION: z.coerce.number().min(0).default(0),
    MASK_MS: z.coerce.number().int().min(0).default(0),
    CONTAINERS: z.coerce.number().int().positive().default(Number.MAX_SAFE_INTEGER),
    COLD_START_MS: z.coerce.number().int().min(0).default(0),
  })
  .parse(process.env);

async function picture(side: number, background: string): Promise<Picture> {
  const plain = sharp({ create: { width: side, height: side, channels: 3, background } });
  return { png: new Uint8Array(await plain.png().toBuffer()), width: side, height: side };
}

const pictures = { mask: await picture(64, "white"), result: await picture(64, "teal") };

const containers = new Containers(settings.CONTAINERS, Date.now() + settings.COLD_START_MS);

/** Occupies a container until the run ends or the caller disconnects. */
function run(c: Context, ms: number, events: (signal: AbortSignal) => AsyncGenerator<GpuEvent>) {
  const release = containers.take(ms);
  if (release === null) {
    c.header("retry-after", String(containers.retryAfterSeconds()));
    return c.body(null, 503);
  }
  c.header("content-type", "application/x-ndjson");
  const left = new AbortController();
  return stream(
    c,
    async (out) => {
      out.onAbort(() => left.abort());
      try {
        for await (const event of warmedUp(containers.readyAt, events, left.signal))
          await out.writeln(JSON.stringify(event));
      } finally {
        release();
      }
    },
    async (error) => {
      if (!left.signal.aborted) process.stderr.write(`${error.message}\n`);
    },
  );
}

const app = new Hono();
app.use(bearerAuth({ token: settings.GPU_SECRET }));
app.post("/edit", async (c) => {
  const task = editTaskSchema.parse(await c.req.json());
  const ms = settings.DELAY_MS + settings.MS_PER_EVALUATION * plannedEvaluations(task.schedule);
  return run(c, ms, (signal) => editEvents(task, pictures, ms, signal));
});
app.post("/mask", async (c) => {
  const task = maskTaskSchema.parse(await c.req.json());
  return run(c, settings.MASK_MS, (signal) => maskEvents(task, pictures, settings.MASK_MS, signal));
});
app.post("/look", (c) => c.json({ refused: null } satisfies LookAnswer));
// nothing is stored
app.post("/forget", (c) => c.body(null, 204));
app.get("/healthz", (c) =>
  c.json({
    status: Date.now() < containers.readyAt ? "loading" : "ready",
    busy: containers.busy,
    model: { id: MODELS.mini.id, version: MODELS.mini.version },
    uptime_ms: process.uptime() * 1000,
    phases: [],
    inversions: null,
  } satisfies GpuHealth),
);

serve({ fetch: app.fetch, port: settings.PORT, hostname: settings.HOST });
