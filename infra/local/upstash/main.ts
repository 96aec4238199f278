// The Upstash gateway and its store, in one process. Environment: PORT, TOKEN, FOLDER (where a server may be
// installed), REDIS_SERVER (path of a server, or `ioredis-mock`). Once it listens, it prints which server it uses.
import { serve } from "@hono/node-server";
import { z } from "zod";
import { createGateway } from "./gateway.ts";
import { startStore } from "./server.ts";

const settings = z
  .object({
    PORT: z.coerce.number().int(),
    TOKEN: z.string().min(32),
    FOLDER: z.string(),
    REDIS_SERVER: z.string().optional(),
  })
  .parse(process.env);

const store = await startStore({ folder: settings.FOLDER, choice: settings.REDIS_SERVER });
const { fetch } = createGateway({ store: store.client, token: settings.TOKEN });
const server = serve({ fetch, port: settings.PORT, hostname: "127.0.0.1" }, () => {
  process.stdout.write(`Upstash gateway over ${store.name}\n`);
});

async function end(status: number): Promise<never> {
  server.close();
  await store.stop();
  process.exit(status);
}

process.once("SIGTERM", () => end(0));
// the gateway is useless without its store: the supervisor restarts both
await store.ended;
await end(1);
