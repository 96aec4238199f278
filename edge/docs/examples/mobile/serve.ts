// The app's server on this machine, for development: HOST (127.0.0.1), PORT (3000), FLUX_API_URL, FLUX_API_KEY.
import { serve } from "@hono/node-server";
import { app } from "./server.ts";

const { HOST: hostname = "127.0.0.1", PORT: port = "3000" } = process.env;

serve({ fetch: app.fetch, port: Number(port), hostname }, (info) => {
  process.stdout.write(`signing on http://${hostname}:${info.port}\n`);
});
