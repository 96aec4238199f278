import { Buffer } from "node:buffer";
import { type Context, Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { bodyLimit } from "hono/body-limit";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ZodType } from "zod";
import {
  commandSchema,
  pipelineSchema,
  type Reply,
  runCommand,
  runTransaction,
  type Store,
} from "./commands.ts";

/** Maximum request size, as on Upstash's free plan. */
const BODY_MAX_BYTES = 1_000_000;

const UNAUTHORIZED = { message: { error: "Unauthorized: wrong or missing token" } };

/**
 * Upstash's REST protocol (https://upstash.com/docs/redis/features/restapi) in front of a Redis client:
 * `POST /` with one command, `POST /pipeline`, `POST /multi-exec`. Answers `{result}` or `{error}`; strings come in
 * base64 where `Upstash-Encoding: base64` asks for it.
 */
export function createGateway({ store, token }: { store: Store; token: string }): Hono {
  const app = new Hono();
  app.use(
    bearerAuth({
      token,
      noAuthenticationHeader: UNAUTHORIZED,
      invalidAuthenticationHeader: UNAUTHORIZED,
      invalidToken: UNAUTHORIZED,
    }),
    bodyLimit({
      maxSize: BODY_MAX_BYTES,
      onError: (c) => refuse(c, 413, `ERR max request size exceeded: ${BODY_MAX_BYTES} bytes`),
    }),
  );
  app.post("/", async (c) => {
    const command = await read(c, commandSchema);
    if (command === null) return refuse(c, 400, "ERR failed to parse command: give a JSON array of strings");
    return answer(c, await runCommand(store, command));
  });
  app.post("/pipeline", async (c) => {
    const commands = await read(c, pipelineSchema);
    if (commands === null)
      return refuse(c, 400, "ERR failed to parse pipeline: give a JSON array of commands");
    const replies: Reply[] = [];
    for (const command of commands) replies.push(await runCommand(store, command));
    return answer(c, replies);
  });
  app.post("/multi-exec", async (c) => {
    const commands = await read(c, pipelineSchema);
    if (commands === null)
      return refuse(c, 400, "ERR failed to parse commands: give a JSON array of commands");
    return answer(c, await runTransaction(store, commands));
  });
  app.notFound((c) => refuse(c, 404, "ERR there is nothing at this address"));
  return app;
}

/** The body if it matches the schema, otherwise null. */
async function read<T>(c: Context, schema: ZodType<T>): Promise<T | null> {
  const body: unknown = await c.req.json().catch((error: unknown) => {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  });
  return schema.safeParse(body).data ?? null;
}

function refuse(c: Context, status: ContentfulStatusCode, error: string) {
  return c.json({ error }, status);
}

function answer(c: Context, reply: Reply | Reply[]) {
  const encoded = c.req.header("Upstash-Encoding") === "base64";
  const written = (one: Reply) => (encoded && "result" in one ? { result: inBase64(one.result, true) } : one);
  if (Array.isArray(reply)) return c.json(reply.map(written));
  return c.json(written(reply), "error" in reply ? 400 : 200);
}

/** Encodes strings at any depth as base64; a bare `OK` stays unchanged. */
function inBase64(value: unknown, bare = false): unknown {
  if (Array.isArray(value)) return value.map((item) => inBase64(item));
  if (typeof value !== "string" || (bare && value === "OK")) return value;
  return Buffer.from(value).toString("base64");
}
