// A receiver of webhooks in a separate process: it logs each webhook as a line, then answers.
// Environment: PORT, FILE that lines are appended to.
import { appendFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { z } from "zod";

const settings = z.object({ PORT: z.coerce.number().int(), FILE: z.string() }).parse(process.env);

const app = new Hono();
app.post("/hook", async (c) => {
  const arrival = {
    id: c.req.header("webhook-id"),
    timestamp: c.req.header("webhook-timestamp"),
    signature: c.req.header("webhook-signature"),
    body: await c.req.text(),
  };
  appendFileSync(settings.FILE, `${JSON.stringify(arrival)}\n`);
  return c.body(null, 204);
});
app.get("/healthz", (c) => c.body(null, 204));

serve({ fetch: app.fetch, port: settings.PORT, hostname: "127.0.0.1" });
