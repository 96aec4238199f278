import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";

/** An answer is data: opened as a page it loads nothing, runs nothing and cannot be framed. */
const DATA = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Headers of every answer: no sniffing, no page and no caching unless its route says so. Like those of the other
 * middleware they are set before the route answers: Hono collects them and makes the answer once, whereas each header
 * that is added to a finished answer copies all of it.
 */
export const responseHeaders = (): MiddlewareHandler<AppEnv> =>
  async function responseHeaders(c, next) {
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Strict-Transport-Security", "max-age=31536000");
    c.header("Referrer-Policy", "no-referrer");
    c.header("Content-Security-Policy", DATA);
    c.header("Cache-Control", "no-store");
    await next();
  };
