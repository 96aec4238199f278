import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";

/** An id that a proxy or client may supply: short, and nothing that could forge a log line or a header. */
const CLEAN = /^[A-Za-z0-9._-]{8,64}$/;

/** Sets `X-Request-Id` for each request: the client's own id if it is well-formed, otherwise a new one. */
export const requestId = (): MiddlewareHandler<AppEnv> =>
  async function requestId(c, next) {
    const given = c.req.header("X-Request-Id") ?? "";
    const id = CLEAN.test(given) ? given : crypto.randomUUID();
    c.set("requestId", id);
    c.header("X-Request-Id", id);
    await next();
  };
