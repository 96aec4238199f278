import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";

/** Headers of every answer: nothing is sniffed, nothing is cached unless its route says so. */
export const responseHeaders = (): MiddlewareHandler<AppEnv> =>
  async function responseHeaders(c, next) {
    await next();
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Strict-Transport-Security", "max-age=31536000");
    c.header("Referrer-Policy", "no-referrer");
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
  };
