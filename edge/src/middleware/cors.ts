import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../context.ts";
import { allowedMethods } from "./allowed-methods.ts";

const REQUEST_HEADERS = [
  "Authorization",
  "Content-Type",
  "Flux-Version",
  "Idempotency-Key",
  "Last-Event-ID",
  "Prefer",
  "X-Request-Id",
].join(", ");

const EXPOSED_HEADERS = [
  "ETag",
  "Flux-Version",
  "Idempotent-Replayed",
  "Location",
  "Preference-Applied",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "X-Request-Id",
].join(", ");

interface Routes {
  readonly routes: readonly { readonly method: string; readonly path: string }[];
}

/**
 * Cross-origin access for every page, and the answers to preflights. No cookies are used, so `*` exposes nothing beyond
 * what signed URLs already grant. Authentication refuses secret keys from a browser; `Authorization` passes the
 * preflight so that the page can read the reason.
 */
export const cors = (app: Routes): MiddlewareHandler<AppEnv> =>
  async function cors(c, next) {
    c.header("Access-Control-Allow-Origin", "*");
    c.header("Access-Control-Expose-Headers", EXPOSED_HEADERS);
    const methods = c.req.method === "OPTIONS" ? allowedMethods(app.routes, c.req.path) : [];
    if (methods.length > 0) {
      c.res = c.body(null, 204, {
        Allow: methods.join(", "),
        "Access-Control-Allow-Methods": methods.join(", "),
        "Access-Control-Allow-Headers": REQUEST_HEADERS,
        "Access-Control-Max-Age": "86400",
      });
    } else await next();
  };
