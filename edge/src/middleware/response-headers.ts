import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";

/** An answer is data: whoever opens it as a page sees a page that loads nothing, runs nothing and is in no frame. */
const DATA = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Headers of every answer: nothing is sniffed, nothing is a page or cached unless its route says so. */
export const responseHeaders = (): MiddlewareHandler<AppEnv> =>
  async function responseHeaders(c, next) {
    await next();
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Strict-Transport-Security", "max-age=31536000");
    c.header("Referrer-Policy", "no-referrer");
    if (!c.res.headers.has("Content-Security-Policy")) c.header("Content-Security-Policy", DATA);
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
  };
