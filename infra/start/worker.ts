// The worker in wrangler's local runtime, as one process without a terminal, a watcher or an inspector.
// Environment: PORT, PERSIST (folder of its storage), VARS (JSON: the worker's variables and secrets).
import { join } from "node:path";
import { unstable_startWorker } from "wrangler";
import { z } from "zod";

const settings = z
  .object({
    PORT: z.coerce.number().int(),
    PERSIST: z.string(),
    VARS: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(z.record(z.string(), z.string())),
  })
  .parse(process.env);

const worker = await unstable_startWorker({
  config: join(import.meta.dirname, "../../wrangler.toml"),
  bindings: Object.fromEntries(
    Object.entries(settings.VARS).map(([name, value]) => [name, { type: "plain_text", value }]),
  ),
  dev: {
    server: { hostname: "127.0.0.1", port: settings.PORT },
    inspector: false,
    watch: false,
    remote: false,
    persist: settings.PERSIST,
    logLevel: "warn",
  },
});

process.once("SIGTERM", async () => {
  await worker.dispose();
  process.exit(0);
});
