// The app's server on this machine, for development: PORT (3000), FLUX_API_URL, FLUX_API_KEY.
import { serve } from "@hono/node-server";
import { app } from "./server.ts";

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: "127.0.0.1" }, ({ port }) => {
  process.stdout.write(`signing on http://127.0.0.1:${port}\n`);
});
